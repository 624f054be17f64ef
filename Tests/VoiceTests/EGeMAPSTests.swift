import AffettoCore
import AffettoVoice
import Foundation
import Testing

/// Functionals by name.
func features(
    _ x: [Float], rate: Double = 16_000, mode: VoiceMode = .corrected, channels: Int = 1
) throws -> [String: Float] {
    let values = try x.withUnsafeBufferPointer {
        try VoiceFeatures.functionals($0, rate: rate, channels: channels, mode: mode)
    }
    return Dictionary(uniqueKeysWithValues: zip(EGeMAPS.names, values))
}

@Suite struct EGeMAPSTests {
    /// The published set (Eyben et al. 2016, table of eGeMAPS), in the order that files of it have.
    @Test func namesAndOrderAreTheStandards() {
        func ten(_ stem: String) -> [String] {
            [
                "amean", "stddevNorm", "percentile20.0", "percentile50.0", "percentile80.0", "pctlrange0-2",
                "meanRisingSlope", "stddevRisingSlope", "meanFallingSlope", "stddevFallingSlope",
            ].map { "\(stem)_\($0)" }
        }
        func two(_ stems: [String]) -> [String] { stems.flatMap { ["\($0)_amean", "\($0)_stddevNorm"] } }
        var expected = ten("F0semitoneFrom27.5Hz_sma3nz") + ten("loudness_sma3")
        expected += two(["spectralFlux_sma3", "mfcc1_sma3", "mfcc2_sma3", "mfcc3_sma3", "mfcc4_sma3"])
        expected += two([
            "jitterLocal_sma3nz", "shimmerLocaldB_sma3nz", "HNRdBACF_sma3nz", "logRelF0-H1-H2_sma3nz",
            "logRelF0-H1-A3_sma3nz",
        ])
        expected += two([
            "F1frequency_sma3nz", "F1bandwidth_sma3nz", "F1amplitudeLogRelF0_sma3nz", "F2frequency_sma3nz",
            "F2bandwidth_sma3nz", "F2amplitudeLogRelF0_sma3nz", "F3frequency_sma3nz", "F3bandwidth_sma3nz",
            "F3amplitudeLogRelF0_sma3nz",
        ])
        expected += two([
            "alphaRatioV_sma3nz", "hammarbergIndexV_sma3nz", "slopeV0-500_sma3nz", "slopeV500-1500_sma3nz",
            "spectralFluxV_sma3nz", "mfcc1V_sma3nz", "mfcc2V_sma3nz", "mfcc3V_sma3nz", "mfcc4V_sma3nz",
        ])
        expected += [
            "alphaRatioUV_sma3nz_amean", "hammarbergIndexUV_sma3nz_amean", "slopeUV0-500_sma3nz_amean",
            "slopeUV500-1500_sma3nz_amean", "spectralFluxUV_sma3nz_amean", "loudnessPeaksPerSec",
            "VoicedSegmentsPerSec", "MeanVoicedSegmentLengthSec", "StddevVoicedSegmentLengthSec",
            "MeanUnvoicedSegmentLength", "StddevUnvoicedSegmentLength", "equivalentSoundLevel_dBp",
        ]
        #expect(EGeMAPS.names == expected)
        #expect(EGeMAPS.names.count == EGeMAPS.count)
        #expect(VoiceDescriptor.allCases.map(\.name).first == "Loudness_sma3")
        #expect(VoiceDescriptor.allCases.count == VoiceDescriptor.count)
    }

    /// openSMILE's known figures on digital silence: slopes that hang on the level.
    @Test func silence() throws {
        let silence = [Float](repeating: 0, count: 16_000)
        let compatible = try features(silence, mode: .compatible)
        #expect(abs(compatible["slopeUV0-500_sma3nz_amean"]! - 0.112) < 5e-4)
        #expect(abs(compatible["slopeUV500-1500_sma3nz_amean"]! - 0.0764) < 5e-5)
        let corrected = try features(silence)
        #expect(abs(corrected["slopeUV0-500_sma3nz_amean"]!) < 1e-5)
        for (name, value) in corrected where !name.hasPrefix("mfcc") && !name.hasPrefix("loudness") {
            #expect(value.isFinite)
            if name.hasPrefix("F0") || name.hasPrefix("jitter") || name.hasPrefix("F1") { #expect(value == 0) }
        }
        #expect(corrected["equivalentSoundLevel_dBp"] == -120)
        #expect(abs(corrected["MeanUnvoicedSegmentLength"]! - 1) < 0.011)
        // openSMILE loses a frame of each segment, and those that the last 60 ms do not complete.
        #expect(corrected["MeanUnvoicedSegmentLength"]! > compatible["MeanUnvoicedSegmentLength"]! + 0.05)
    }

    @Test func gainMovesLevelsAndNothingElse() throws {
        let x = buzz(f0: 140, seconds: 3, rate: 16_000)
        let loud = try features(x)
        let soft = try features(x.map { $0 * 0.5 })
        for (name, value) in loud {
            if name.hasPrefix("loudness") || name.hasPrefix("spectralFlux") || name == "equivalentSoundLevel_dBp" {
                continue
            }
            // Between the syllables the 16-bit floor of the filter bank shows.
            let tolerance: Float = name.hasPrefix("mfcc") ? 0.35 : 0.02
            #expect(abs(soft[name]! - value) <= tolerance * (1 + abs(value)), "\(name)")
        }
        #expect(abs(loud["equivalentSoundLevel_dBp"]! - soft["equivalentSoundLevel_dBp"]! - 6.02) < 0.05)
        #expect(loud["loudness_sma3_amean"]! > 1.3 * soft["loudness_sma3_amean"]!)
    }

    /// A pitch that rises by 12 semitones in 2 s and falls again in 1 s.
    @Test func slopesOfAKnownContour() throws {
        var phase = 0.0
        let x = (0..<(6 * 16_000)).map { i in
            let t = (Double(i) / 16_000).truncatingRemainder(dividingBy: 3)
            let octave = t < 2 ? t / 2 : 3 - t
            phase += 2 * .pi * 150 * exp2(octave) / 16_000
            return Float((1...15).reduce(0.0) { $0 + sin(Double($1) * phase) / Double($1) } * 0.2)
        }
        let f = try features(x)
        #expect(abs(f["F0semitoneFrom27.5Hz_sma3nz_meanRisingSlope"]! - 6) < 0.2)
        #expect(abs(f["F0semitoneFrom27.5Hz_sma3nz_meanFallingSlope"]! - 12) < 0.4)
        let low = Float(12 * log2(150 / 27.5))
        #expect(abs(f["F0semitoneFrom27.5Hz_sma3nz_percentile50.0"]! - (low + 6)) < 0.1)
        #expect(abs(f["F0semitoneFrom27.5Hz_sma3nz_pctlrange0-2"]! - 7.2) < 0.15)
    }

    @Test func segmentsAreAsLongAsTheyAre() throws {
        // 0.4 s of voice, 0.2 s of nothing, ten times.
        let x = buzz(f0: 200, seconds: 6, rate: 16_000, syllable: 0.4, gap: 0.2)
        let f = try features(x)
        #expect(abs(f["VoicedSegmentsPerSec"]! - 10 / 6) < 0.02)
        #expect(abs(f["MeanVoicedSegmentLengthSec"]! - 0.4) < 0.04)
        #expect(abs(f["MeanUnvoicedSegmentLength"]! - 0.2) < 0.04)
        #expect(abs(f["loudnessPeaksPerSec"]! - 10 / 6) < 0.2)
    }

    /// Past ten minutes percentiles come from a histogram and slopes from sums over stretches.
    @Test func elevenMinutesOfTheSameGiveTheSame() throws {
        let piece =
            buzz(f0: 130, seconds: 6, rate: 16_000, syllable: 0.5, gap: 0.1)
            + buzz(f0: 180, seconds: 6, rate: 16_000, syllable: 0.5, gap: 0.1, level: 0.1)
        let long = [Float]((0..<56).flatMap { _ in piece })
        let (a, b) = (try features([Float]((0..<10).flatMap { _ in piece })), try features(long))
        for name in EGeMAPS.names where name.contains("_percentile") || name.contains("mean") || name.contains("PerSec")
        {
            // A slope or two at the ends weigh more in the shorter one.
            let slack: Float = name.contains("Slope") ? 0.15 : 0.02
            #expect(abs(a[name]! - b[name]!) < 0.02 * abs(a[name]!) + slack, "\(name)")
        }
    }

    @Test(arguments: VoiceMode.allCases, [8000.0, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
    func anyRateAndLength(_ mode: VoiceMode, _ rate: Double) throws {
        for seconds in [0.1, 0.1234, 0.5, 1.0003] {
            let x = buzz(f0: 170, seconds: seconds, rate: rate, syllable: 0.3)
            var count = 0
            try x.withUnsafeBufferPointer {
                try VoiceFeatures.frames($0, rate: rate, channels: 1, mode: mode) { frame in
                    #expect(frame.index == count && frame.isFinal)
                    for lane in 0..<VoiceDescriptor.count { #expect(frame.smoothed[lane].isFinite) }
                    count += 1
                }
            }
            #expect(count == VoiceFeatures.frameCount(samples: x.count, rate: rate, mode: mode))
            // No frame is lost at either end.
            if mode == .corrected { #expect(count == Int((seconds * 100 + 1e-9).rounded(.down))) }
            #expect(try features(x, rate: rate, mode: mode).values.allSatisfy(\.isFinite))
        }
    }

    @Test func extremesStayFinite() throws {
        var random = SeededRandom(seed: 9)
        let signals: [[Float]] = [
            [Float](repeating: 1, count: 8000), [Float](repeating: 1e30, count: 8000),
            (0..<8000).map { $0 % 2 == 0 ? 1 : -1 }, (0..<8000).map { $0 == 4000 ? 1 : 0 },
            (0..<8000).map { _ in Float(random.uniform() * 2 - 1) * 1e-30 },
            (0..<8000).map { _ in Float(random.uniform() * 2 - 1) * 3e4 },
            (0..<8000).map { Float(sin(Double($0) * 0.05)) },
        ]
        for mode in VoiceMode.allCases {
            for x in signals { #expect(try features(x, mode: mode).values.allSatisfy(\.isFinite)) }
        }
    }

    @Test func channels() throws {
        let left = buzz(f0: 120, seconds: 1, rate: 16_000)
        let right = buzz(f0: 300, seconds: 1, rate: 16_000)
        let both = zip(left, right).flatMap { [$0, $1] }
        #expect(try features(both, mode: .compatible, channels: 2) == features(left, mode: .compatible))
        let mean = zip(left, right).map { ($0 + $1) * 0.5 }
        #expect(try features(both, channels: 2) == features(mean))
    }
}
