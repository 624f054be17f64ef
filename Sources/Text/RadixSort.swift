/// Sorts hashes in linear time, in memory that is there already.
enum RadixSort {
    static func sort(_ values: inout [UInt32], _ spare: inout [UInt32]) {
        let count = values.count
        if count < 48 { return insert(&values) }
        while spare.count < count { spare.append(0) }
        values.withUnsafeMutableBufferPointer { values in
            spare.withUnsafeMutableBufferPointer { spare in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { place in
                    for shift in stride(from: UInt32(0), to: 32, by: 16) {
                        pass(values, spare, count, shift, place)
                        pass(spare, values, count, shift + 8, place)
                    }
                }
            }
        }
    }

    private static func pass(
        _ from: UnsafeMutableBufferPointer<UInt32>, _ to: UnsafeMutableBufferPointer<UInt32>, _ count: Int,
        _ shift: UInt32, _ place: UnsafeMutableBufferPointer<Int>
    ) {
        place.initialize(repeating: 0)
        for i in 0..<count { place[Int(from[i] >> shift & 255)] += 1 }
        var sum = 0
        for digit in 0..<256 {
            let here = place[digit]
            place[digit] = sum
            sum += here
        }
        for i in 0..<count {
            let digit = Int(from[i] >> shift & 255)
            to[place[digit]] = from[i]
            place[digit] += 1
        }
    }

    private static func insert(_ values: inout [UInt32]) {
        values.withUnsafeMutableBufferPointer { values in
            for i in values.indices.dropFirst() {
                let value = values[i]
                var at = i
                while at > 0, values[at - 1] > value {
                    values[at] = values[at - 1]
                    at -= 1
                }
                values[at] = value
            }
        }
    }
}
