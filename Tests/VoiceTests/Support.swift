import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation
import Testing

/// A buzzing voice: harmonics of `f0`, syllables of `syllable` seconds with gaps between them.
func buzz(
    f0: Double, seconds: Double, rate: Double, syllable: Double = 0.15, gap: Double = 0.05, level: Float = 0.3
) -> [Float] {
    (0..<Int(rate * seconds)).map { i in
        let t = Double(i) / rate
        let x = t.truncatingRemainder(dividingBy: syllable + gap)
        guard x < syllable else { return Float.random(in: -1e-4...1e-4, using: &generator) }
        var sum = 0.0
        for k in 1...20 where Double(k) * f0 < rate / 2.2 { sum += sin(2 * .pi * Double(k) * f0 * t) / Double(k) }
        return level * Float(sin(.pi * x / syllable) * sum)
    }
}
nonisolated(unsafe) var generator = SeededRandom(seed: 5)

func frames(_ x: [Float], rate: Double, blocks: [Int] = [4096]) throws -> [VoiceFrame] {
    let analyzer = try VoiceAnalyzer(rate: rate)
    var out: [VoiceFrame] = []
    var at = 0
    var turn = 0
    while at < x.count {
        let n = min(blocks[turn % blocks.count], x.count - at)
        x.withUnsafeBufferPointer { analyzer.push($0.baseAddress! + at, count: n) { out.append($0) } }
        at += n
        turn += 1
    }
    analyzer.finish { out.append($0) }
    return out
}

func summary(_ x: [Float], rate: Double, channels: Int = 1) throws -> VoiceSummary {
    try x.withUnsafeBufferPointer { try VoiceSummary.analyze($0, rate: rate, channels: channels) }
}
