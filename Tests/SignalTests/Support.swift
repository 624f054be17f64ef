import AffettoSignal
import Foundation
import Testing

func sine(_ f: Double, rate: Double, seconds: Double) -> [Float] {
    (0..<Int(rate * seconds)).map { Float(sin(2 * .pi * f * Double($0) / rate)) }
}

func resample(_ x: [Float], from: Double, to: Double, blocks: [Int]) -> [Float] {
    var resampler = Resampler(from: from, to: to, maxBlock: 4096)
    var out: [Float] = []
    var at = 0
    var turn = 0
    while at < x.count {
        let n = min(blocks[turn % blocks.count], x.count - at)
        x.withUnsafeBufferPointer { resampler.push($0.baseAddress! + at, count: n) { out.append($0) } }
        at += n
        turn += 1
    }
    resampler.flush { out.append($0) }
    return out
}
