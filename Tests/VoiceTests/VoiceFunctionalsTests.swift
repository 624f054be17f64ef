import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation
import Testing

@Suite struct VoiceFunctionalsTests {
    @Test func oneNumberAName() throws {
        let f = try #require(
            VoiceFunctionals.compute(try frames(buzz(f0: 210, seconds: 2, rate: 16_000), rate: 16_000)))
        #expect(f.count == VoiceFunctionals.names.count)
        #expect(Set(VoiceFunctionals.names).count == VoiceFunctionals.names.count)
        let mean = f[VoiceFunctionals.names.firstIndex(of: "f0_semitone_mean")!]
        let truth = Float(12 * log2(210 / 27.5))
        #expect(abs(mean - truth) < 0.3)
    }

    @Test func tooLittleVoiceSaysNothing() throws {
        #expect(VoiceFunctionals.compute(try frames(buzz(f0: 210, seconds: 0.25, rate: 16_000), rate: 16_000)) == nil)
        #expect(VoiceFunctionals.compute([VoiceFrame]()) == nil)
    }

    @Test func qualityFallsWithNoiseAndClipping() {
        let clean = SpeechQuality.score(snr: 40, clipped: 0, voicedSeconds: 2)
        #expect(clean == 1)
        #expect(SpeechQuality.score(snr: 12, clipped: 0, voicedSeconds: 2) < 0.5)
        #expect(SpeechQuality.score(snr: 40, clipped: 0.01, voicedSeconds: 2) < clean)
        #expect(SpeechQuality.score(snr: .nan, clipped: 0, voicedSeconds: 2) == 0)
    }
}
