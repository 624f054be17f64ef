import AffettoCore
import AffettoFace
import Testing

private func frame(_ value: Float) -> [Float] { Array(repeating: value, count: Blendshapes.count) }

/// A stream by reference: the test macros cannot call what mutates.
private final class Tracker {
    private var stream = FaceStream()

    func push(_ values: [Float], _ tracking: Float, _ milliseconds: Int64) -> (mean: [Float], quality: Float)? {
        let hop = values.withUnsafeBufferPointer { stream.push($0, tracking: tracking, at: milliseconds * 1000) }
        return hop.map { ($0.blendshapes, $0.quality) }
    }

    func wipe() { stream.wipe() }
}

@Suite struct FaceStreamTests {
    @Test func meansOfHalfASecond() throws {
        let stream = Tracker()
        for n in 0..<15 { #expect(stream.push(frame(Float(n) / 20), 1, Int64(n) * 33) == nil) }
        let hop = try #require(stream.push(frame(0.75), 1, 500))
        #expect(hop.mean.allSatisfy { abs($0 - 0.375) < 1e-5 } && hop.quality == 1)
        #expect(stream.push(frame(1), 1, 533) == nil, "the next half second begins empty")
        #expect(try #require(stream.push(frame(1), 1, 1033)).mean.allSatisfy { $0 == 1 })
    }

    @Test func twiceASecondAtAnyFrameRate() {
        for rate in [2, 10, 24, 30, 60, 120] {
            let stream = Tracker()
            let hops = (0..<(rate * 10)).count { stream.push(frame(0.5), 1, Int64($0 * 1000 / rate)) != nil }
            #expect((9...20).contains(hops), "\(rate) frames a second gave \(hops)")
        }
    }

    @Test func whatIsNotTrackedIsLeftOutOfTheMeanAndOfTheQuality() throws {
        let stream = Tracker()
        var half = frame(0.4)
        for i in 0..<26 { half[i] = .nan }
        half[51] = .nan
        _ = stream.push(half, 1, 0)
        half[0] = 0.8
        let hop = try #require(stream.push(half, 1, 500))
        #expect(hop.mean[0] == 0.8, "one frame had it")
        #expect(hop.mean[1].isNaN && hop.mean[51].isNaN && abs(hop.mean[30] - 0.4) < 1e-6)
        #expect(abs(hop.quality - (25 + 26) / 2 / 52) < 1e-5)
    }

    @Test func theTrackersDoubtIsTheQuality() throws {
        let stream = Tracker()
        _ = stream.push(frame(0.5), 0.2, 0)
        #expect(abs(try #require(stream.push(frame(0.5), 0.6, 600)).quality - 0.4) < 1e-6)
        _ = stream.push(frame(0.5), .nan, 700)
        #expect(try #require(stream.push(frame(0.5), 7, 1300)).quality == 0.5)
    }

    @Test func wildNumbersStayOut() throws {
        let stream = Tracker()
        _ = stream.push(frame(.infinity), 1, 0)
        _ = stream.push(frame(-.infinity), 1, 100)
        let hop = try #require(stream.push(frame(0.5), 1, 500))
        #expect(hop.mean.allSatisfy { $0 == 0.5 } && abs(hop.quality - 1 / 3) < 1e-6)
        _ = stream.push([0.5, 0.5], 1, 600)
        #expect(try #require(stream.push(frame(1) + frame(1), 1, 1200)).mean[51] == 1)
    }

    @Test func wipeForgets() throws {
        let stream = Tracker()
        for n in 0..<10 { _ = stream.push(frame(1), 1, Int64(n) * 40) }
        stream.wipe()
        #expect(stream.push(frame(0.25), 1, 400) == nil)
        #expect(stream.push(frame(0.25), 1, 800) == nil, "half a second counts from after the wipe")
        #expect(try #require(stream.push(frame(0.25), 1, 900)).mean.allSatisfy { $0 == 0.25 })
    }

    @Test func framesFarApartOrOutOfOrderDoNotMeet() throws {
        let stream = Tracker()
        _ = stream.push(frame(1), 1, 0)
        #expect(stream.push(frame(0), 1, 60_000) == nil, "a minute later")
        #expect(try #require(stream.push(frame(0), 1, 60_500)).mean.allSatisfy { $0 == 0 })
        _ = stream.push(frame(1), 1, 70_000)
        #expect(stream.push(frame(0), 1, 69_000) == nil, "the clock stepped back")
        #expect(try #require(stream.push(frame(0), 1, 69_500)).mean.allSatisfy { $0 == 0 })
    }
}
