import AffettoCore
import AffettoGraphics
import Testing

@Suite struct OKLCHTests {
    /// Published OKLCH coordinates of the sRGB primaries and white.
    @Test(arguments: [
        ((1.0, 0.0, 0.0), (0.62796, 0.25768, 29.234)), ((0.0, 1.0, 0.0), (0.86644, 0.29483, 142.495)),
        ((0.0, 0.0, 1.0), (0.45201, 0.31321, 264.052)), ((1.0, 1.0, 0.0), (0.96798, 0.21101, 109.769)),
    ])
    func primaries(_ rgb: (Double, Double, Double), _ lch: (Double, Double, Double)) {
        let colour = OKLCH(red: rgb.0, green: rgb.1, blue: rgb.2)
        #expect(abs(colour.lightness - lch.0) < 2e-4)
        #expect(abs(colour.chroma - lch.1) < 2e-4)
        #expect(abs(colour.hue - lch.2) < 0.05)
    }

    @Test func whiteAndBlackHaveNoChroma() {
        #expect(abs(OKLCH(red: 1, green: 1, blue: 1).lightness - 1) < 1e-6)
        #expect(OKLCH(red: 1, green: 1, blue: 1).chroma < 1e-6)
        #expect(OKLCH(lightness: 0, chroma: 0, hue: 0).hex == "#000000")
        #expect(OKLCH(lightness: 1, chroma: 0, hue: 0).hex == "#ffffff")
    }

    @Test func everyByteColourComesBack() {
        for red in stride(from: 0, through: 255, by: 17) {
            for green in stride(from: 0, through: 255, by: 51) {
                for blue in stride(from: 0, through: 255, by: 15) {
                    let colour = OKLCH(
                        red: Double(red) / 255, green: Double(green) / 255, blue: Double(blue) / 255)
                    let back = colour.srgb
                    #expect(abs(back.red * 255 - Double(red)) < 0.5)
                    #expect(abs(back.green * 255 - Double(green)) < 0.5)
                    #expect(abs(back.blue * 255 - Double(blue)) < 0.5)
                }
            }
        }
    }

    @Test func clampingKeepsHueAndLightness() {
        let wild = OKLCH(lightness: 0.7, chroma: 0.9, hue: 200)
        #expect(!wild.isInGamut)
        #expect(wild.clamped.isInGamut)
        #expect(wild.clamped.hue == 200)
        #expect(wild.clamped.lightness == 0.7)
        #expect(wild.clamped.chroma > 0.05)
    }

    @Test func whatIsNotANumberIsBlackNotATrap() {
        #expect(OKLCH(lightness: .nan, chroma: .infinity, hue: .nan).hex == "#000000")
        #expect(OKLCH(lightness: 5, chroma: -.infinity, hue: 1e300).hex == "#ffffff")
    }

    @Test func contrastIsThatOfWCAG() {
        let (black, white) = (OKLCH(lightness: 0, chroma: 0, hue: 0), OKLCH(lightness: 1, chroma: 0, hue: 0))
        #expect(abs(black.contrast(with: white) - 21) < 0.01)
        #expect(abs(white.contrast(with: white) - 1) < 1e-9)
    }
}

@Suite struct EmotionColourTests {
    @Test(arguments: EmotionColour.Palette.allCases, EmotionColour.Scheme.allCases)
    func everyColourIsShownAndReadable(_ palette: EmotionColour.Palette, _ scheme: EmotionColour.Scheme) {
        let colour = EmotionColour(palette: palette, scheme: scheme)
        let paper = OKLCH(lightness: scheme == .light ? 0.995 : 0.21, chroma: 0.008, hue: 260)
        for emotion in Emotion.allCases {
            #expect(colour.mark(of: emotion).isInGamut)
            #expect(colour.surface(of: emotion).isInGamut)
            #expect(colour.ink.contrast(with: colour.surface(of: emotion)) >= 7)
            #expect(colour.mark(of: emotion).contrast(with: paper) >= 3)
        }
    }

    @Test func hueTurnsOnceWithTheAngle() {
        let colour = EmotionColour()
        var turned = 0.0
        var last = colour.mark(at: AffectPoint(valence: 0.8, arousal: 0)).hue
        for (valence, arousal) in [
            (0.6, 0.6), (0, 0.8), (-0.6, 0.6), (-0.8, 0), (-0.6, -0.6), (0, -0.8), (0.6, -0.6), (0.8, 0),
        ] {
            let hue = colour.mark(at: AffectPoint(valence: Float(valence), arousal: Float(arousal))).hue
            let step = (hue - last + 540).truncatingRemainder(dividingBy: 360) - 180
            #expect(step < 0 && step > -90)
            turned += step
            last = hue
        }
        #expect(abs(turned + 360) < 1e-6)
    }

    @Test func chromaGrowsWithDistanceAndLightnessWithArousal() {
        let colour = EmotionColour()
        func mark(_ v: Float, _ a: Float) -> OKLCH { colour.mark(at: AffectPoint(valence: v, arousal: a)) }
        #expect(mark(0, 0).chroma == 0)
        #expect(mark(-0.3, 0).chroma < mark(-0.6, 0).chroma)
        #expect(mark(0.5, -0.5).lightness < mark(0.5, 0.5).lightness)
        #expect(mark(.nan, .infinity).chroma == 0)
    }

    @Test func shapeTellsTheQuadrantWithoutColour() {
        #expect(EmotionColour.marker(at: Emotion.excited.point) == .diamond)
        #expect(EmotionColour.marker(at: Emotion.anxious.point) == .triangle)
        #expect(EmotionColour.marker(at: Emotion.sad.point) == .square)
        #expect(EmotionColour.marker(at: Emotion.calm.point) == .circle)
        #expect(EmotionColour.marker(at: Emotion.neutral.point) == .ring)
        #expect(EmotionColour.marker(at: AffectPoint(valence: .nan, arousal: 0)) == .ring)
    }
}
