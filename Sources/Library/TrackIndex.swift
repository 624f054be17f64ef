import AffettoCore
import AffettoMusic
import AffettoStore

/// What of every track is searched for, a column each: about 90 bytes a track, so that a million stay in memory.
struct TrackIndex {
    private(set) var numbers: [Int64] = []
    private(set) var valence: [Float] = []
    private(set) var arousal: [Float] = []
    private(set) var duration: [Float] = []
    private(set) var tempo: [Float] = []
    private(set) var key: [UInt8] = []
    private(set) var flags: [UInt8] = []
    private(set) var minimumAge: [UInt8] = []
    private(set) var style: [Int32] = []
    private(set) var profiles: [Int8] = []
    private(set) var fingerprints: [UInt64] = []
    private(set) var styles: [String] = []
    private var styleNumbers: [String: Int32] = [:]

    static let hasLyrics: UInt8 = 1
    static let isExplicit: UInt8 = 2
    static let hasProfile: UInt8 = 4
    static let needsReview: UInt8 = 8
    static let isRejected: UInt8 = 16

    var count: Int { numbers.count }

    /// Adds a row, or replaces the one of that number.
    mutating func put(_ row: TrackRow) {
        let place = place(of: row.number)
        if place == count || numbers[place] != row.number { insert(row.number, at: place) }
        (valence[place], arousal[place]) = (row.valence, row.arousal)
        (duration[place], tempo[place]) = (row.duration, row.tempo)
        (key[place], minimumAge[place]) = (row.key, row.minimumAge)
        style[place] = number(ofStyle: row.style)
        let hasProfile = row.profile.count == StyleSpace.dimensions
        var bits: UInt8 = 0
        if row.hasLyrics { bits |= Self.hasLyrics }
        if row.isExplicit { bits |= Self.isExplicit }
        if hasProfile { bits |= Self.hasProfile }
        if row.review == .needed { bits |= Self.needsReview }
        if row.review == .rejected { bits |= Self.isRejected }
        flags[place] = bits
        for i in 0..<StyleSpace.dimensions {
            profiles[place * StyleSpace.dimensions + i] = hasProfile ? row.profile[i] : 0
        }
        for i in 0..<4 { fingerprints[place * 4 + i] = row.fingerprint.count == 4 ? row.fingerprint[i] : 0 }
    }

    private mutating func insert(_ number: Int64, at place: Int) {
        numbers.insert(number, at: place)
        valence.insert(0, at: place)
        arousal.insert(0, at: place)
        duration.insert(0, at: place)
        tempo.insert(0, at: place)
        key.insert(0, at: place)
        flags.insert(0, at: place)
        minimumAge.insert(0, at: place)
        style.insert(0, at: place)
        profiles.insert(contentsOf: repeatElement(0, count: StyleSpace.dimensions), at: place * StyleSpace.dimensions)
        fingerprints.insert(contentsOf: repeatElement(0, count: 4), at: place * 4)
    }

    mutating func remove(_ number: Int64) {
        let place = place(of: number)
        guard place < count, numbers[place] == number else { return }
        numbers.remove(at: place)
        valence.remove(at: place)
        arousal.remove(at: place)
        duration.remove(at: place)
        tempo.remove(at: place)
        key.remove(at: place)
        flags.remove(at: place)
        minimumAge.remove(at: place)
        style.remove(at: place)
        profiles.removeSubrange((place * StyleSpace.dimensions)..<((place + 1) * StyleSpace.dimensions))
        fingerprints.removeSubrange((place * 4)..<((place + 1) * 4))
    }

    /// Where the number is, or belongs: numbers ascend.
    private func place(of number: Int64) -> Int {
        if let last = numbers.last, number > last { return count }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func number(ofStyle name: String) -> Int32 {
        if let known = styleNumbers[name] { return known }
        let new = Int32(styles.count)
        styles.append(name)
        styleNumbers[name] = new
        return new
    }

    func number(ofKnownStyle name: String) -> Int32? { styleNumbers[name] }

    /// Squared distance in the style space from a profile, or `nil` where the track was not analysed.
    func styleDistance(at place: Int, from profile: [Int8]) -> Int? {
        guard flags[place] & Self.hasProfile != 0 else { return nil }
        var sum = 0
        for i in 0..<StyleSpace.dimensions {
            let step = Int(profiles[place * StyleSpace.dimensions + i]) - Int(profile[i])
            sum += step * step
        }
        return sum
    }

    /// Tracks whose fingerprint is within `Fingerprint.copies` bits and whose piece lasts as long, within a second; the
    /// nearest first. None for pieces too short to be told apart.
    func copies(of fingerprint: [UInt64], duration wanted: Float) -> [Int64] {
        guard wanted >= Fingerprint.shortest, fingerprint.contains(where: { $0 != 0 }) else { return [] }
        var found: [(number: Int64, bits: Int)] = []
        for place in 0..<count where abs(duration[place] - wanted) <= 1 {
            let bits = Fingerprint.distance(fingerprints[(place * 4)..<(place * 4 + 4)], fingerprint)
            if bits <= Fingerprint.copies { found.append((numbers[place], bits)) }
        }
        return found.sorted { $0.bits != $1.bits ? $0.bits < $1.bits : $0.number < $1.number }.map(\.number)
    }
}
