/// Voice activity from level alone: speech stands 9 dB above a noise floor that falls fast and rises slowly.
struct SpeechActivity {
    private static let margin: Float = 9
    private static let hangover = 15
    private var floor: Float = -60
    private var remaining = 0

    mutating func update(intensity: Float) -> (isLoud: Bool, isSpeech: Bool) {
        let level = max(intensity, -90)
        floor += level < floor ? 0.2 * (level - floor) : min(0.03, level - floor)
        if level > floor + Self.margin, level > -62 {
            remaining = Self.hangover
            return (true, true)
        }
        remaining = max(remaining - 1, 0)
        return (false, remaining > 0)
    }
}

/// Syllable nuclei after de Jong & Wempe (2009), causally: a voiced intensity peak, not more than 25 dB under the
/// loudest so far, that the contour then leaves by at least 2 dB.
struct SyllableNuclei {
    private static let dip: Float = 2
    private static let range: Float = 25
    private var smooth: Float = -100
    private var loudest: Float = -100
    private var peak: Float = -100
    private var peakVoiced = false
    private var valley: Float = -100
    private var rising = false

    mutating func update(_ frame: VoiceFrame) -> Bool {
        smooth += 0.5 * (max(frame.intensity, -100) - smooth)
        loudest = max(loudest - 0.01, smooth)
        if rising {
            if smooth > peak {
                peak = smooth
                peakVoiced = frame.f0 > 0
            }
            guard smooth < peak - Self.dip else { return false }
            rising = false
            valley = smooth
            return peakVoiced && peak > loudest - Self.range && frame.isSpeech
        }
        valley = min(valley, smooth)
        if smooth > valley + Self.dip {
            rising = true
            peak = smooth
            peakVoiced = frame.f0 > 0
        }
        return false
    }
}
