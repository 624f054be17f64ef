import Glibc

/// A colour in OKLCH, the cylindrical form of OKLab (Björn Ottosson 2020, "A perceptual color space for image
/// processing"): equal steps look about equal.
public struct OKLCH: Sendable, Hashable {
    /// 0 (black) … 1 (white).
    public var lightness: Double
    /// 0 (grey) … about 0.32 at the edge of sRGB.
    public var chroma: Double
    /// Degrees: about 29 red, 110 yellow, 142 green, 264 blue.
    public var hue: Double

    public init(lightness: Double, chroma: Double, hue: Double) {
        self.lightness = lightness
        self.chroma = chroma
        self.hue = hue
    }

    /// The colour of gamma-coded sRGB components, each in 0…1.
    public init(red: Double, green: Double, blue: Double) {
        let (r, g, b) = (Self.linear(red), Self.linear(green), Self.linear(blue))
        let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
        let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
        let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
        let a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
        let bb = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
        lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
        chroma = (a * a + bb * bb).squareRoot()
        hue = atan2(bb, a) * 180 / .pi
        if hue < 0 { hue += 360 }
    }

    /// Linear-light sRGB; outside 0…1 where the colour is out of gamut.
    private var linearRGB: (red: Double, green: Double, blue: Double) {
        let a = chroma * cos(hue * .pi / 180)
        let b = chroma * sin(hue * .pi / 180)
        let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
        let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
        let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
        return (
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
        )
    }

    /// Whether sRGB can show the colour, to within half of an 8-bit step.
    public var isInGamut: Bool {
        let (r, g, b) = linearRGB
        let allowed = -0.0002...1.0002
        return allowed.contains(r) && allowed.contains(g) && allowed.contains(b)
    }

    /// The nearest colour of the same lightness and hue that sRGB can show: chroma is lowered, never hue. What is not
    /// finite becomes 0.
    public var clamped: OKLCH {
        var colour = OKLCH(
            lightness: lightness.isFinite ? min(max(lightness, 0), 1) : 0,
            chroma: chroma.isFinite ? min(max(chroma, 0), 1) : 0,
            hue: hue.isFinite ? hue.truncatingRemainder(dividingBy: 360) : 0)
        if colour.isInGamut { return colour }
        var (low, high) = (0.0, colour.chroma)
        for _ in 0..<24 {
            colour.chroma = (low + high) / 2
            if colour.isInGamut { low = colour.chroma } else { high = colour.chroma }
        }
        colour.chroma = low
        return colour
    }

    /// Gamma-coded sRGB of the clamped colour, each component in 0…1.
    public var srgb: (red: Double, green: Double, blue: Double) {
        let (r, g, b) = clamped.linearRGB
        return (Self.coded(r), Self.coded(g), Self.coded(b))
    }

    /// "#rrggbb" of the clamped colour.
    public var hex: String {
        let (r, g, b) = srgb
        var out = "#"
        for component in [r, g, b] {
            let byte = Int((component * 255).rounded())
            out += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return out
    }

    /// Contrast ratio of WCAG 2.2, 1…21; text wants at least 4.5, shapes 3.
    public func contrast(with other: OKLCH) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private var luminance: Double {
        let (r, g, b) = clamped.linearRGB
        return min(max(0.2126 * r + 0.7152 * g + 0.0722 * b, 0), 1)
    }

    /// IEC 61966-2-1.
    private static func linear(_ component: Double) -> Double {
        component <= 0.04045 ? component / 12.92 : pow((component + 0.055) / 1.055, 2.4)
    }

    private static func coded(_ light: Double) -> Double {
        let light = min(max(light, 0), 1)
        return light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
    }
}

private func cube(_ x: Double) -> Double { x * x * x }
