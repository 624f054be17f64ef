import AffettoSignal
import Foundation
import Testing

@Suite struct SampleRingTests {
    @Test func carriesSamplesRoundTheCorner() {
        let ring = SampleRing(capacity: 100)
        #expect(ring.capacity == 128)
        var out = [Float](repeating: -1, count: 128)
        for turn in 0..<10 {
            ring.write(count: 90) { Float(turn * 90 + $0) }
            let n = out.withUnsafeMutableBufferPointer { ring.read(into: $0.baseAddress!, count: 128) }
            #expect(n == 90)
            #expect(out[0] == Float(turn * 90) && out[89] == Float(turn * 90 + 89))
        }
        ring.write(count: 128) { _ in 1 }
        #expect(ring.space == 0)
        ring.wipe()
        #expect(ring.space == 128)
    }
}
