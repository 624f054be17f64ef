import AffettoSignal
import Foundation
import Testing

func sine(_ f: Double, rate: Double, seconds: Double) -> [Float] {
    (0..<Int(rate * seconds)).map { Float(sin(2 * .pi * f * Double($0) / rate)) }
}

func resample(_ x: [Float], from: Double, to: Double, blocks: [Int]) -> [Float] {
    var resampler = Resampler(from: from, to: to, maxBlock: 4096)
    var out: [Float] = []
    var room = [Float](repeating: 0, count: Int(4096 * to / from) + 64)
    var at = 0
    var turn = 0
    while at < x.count {
        let n = min(blocks[turn % blocks.count], x.count - at)
        let made = x.withUnsafeBufferPointer {
            resampler.push($0.baseAddress! + at, count: n, into: &room, capacity: room.count)
        }
        out += room.prefix(made)
        at += n
        turn += 1
    }
    while true {
        let made = resampler.flush(into: &room, capacity: room.count)
        if made == 0 { return out }
        out += room.prefix(made)
    }
}
