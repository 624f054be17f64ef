import AffettoCore
import Glibc
import Synchronization

/// What a C handle points at: a slot of this table, never an object. A handle that was destroyed, or never was one,
/// is refused, not followed. Looking one up waits for nobody.
///
/// A handle's bits are generation, slot number and kind; a slot's generation moves on when its handle is destroyed.
final class HandleTable: @unchecked Sendable {
    enum Kind: UInt {
        case engine = 1
        case session = 2
        case voice = 3
        case face = 4
        case faceRecording = 5
        case dataset = 6
        case model = 7
        case music = 8
    }

    private struct Slot: ~Copyable {
        let generation = Atomic<UInt32>(0)
        let users = Atomic<Int>(0)
        let object = Atomic<UInt>(0)
    }

    static let capacity = 1 << 14
    static let shared = HandleTable()

    private let slots: UnsafeMutablePointer<Slot>
    private let free: Guarded<[Int]>

    private init() {
        slots = .allocate(capacity: Self.capacity)
        for i in 0..<Self.capacity { (slots + i).initialize(to: Slot()) }
        free = Guarded(Array((0..<Self.capacity).reversed()))
    }

    func insert(_ object: AnyObject, kind: Kind) throws(AffettoError) -> OpaquePointer {
        guard let index = free.withLock({ $0.popLast() }) else {
            throw AffettoError(.memory, "\(Self.capacity) handles are open; destroy some")
        }
        let slot = slots + index
        slot.pointee.object.store(UInt(bitPattern: Unmanaged.passRetained(object).toOpaque()), ordering: .relaxed)
        // Odd = alive.
        let generation = slot.pointee.generation.add(1, ordering: .releasing).newValue
        let bits = UInt(generation) << 18 | UInt(index) << 4 | kind.rawValue
        guard let handle = OpaquePointer(bitPattern: bits) else { throw AffettoError(.internal, "an empty handle") }
        return handle
    }

    /// Runs `body` on the handle's object, which cannot go away meanwhile.
    func with<Object: AnyObject, Result>(
        _ handle: OpaquePointer?, _ kind: Kind, as type: Object.Type,
        _ body: (Object) throws(AffettoError) -> Result
    ) throws(AffettoError) -> Result {
        guard let handle else { throw AffettoError(.argument, "the \(kind) handle is NULL") }
        guard let (slot, generation) = find(handle, kind) else { throw closed(kind) }
        slot.pointee.users.add(1, ordering: .sequentiallyConsistent)
        defer { slot.pointee.users.subtract(1, ordering: .sequentiallyConsistent) }
        guard slot.pointee.generation.load(ordering: .sequentiallyConsistent) == generation,
            let bits = UnsafeRawPointer(bitPattern: slot.pointee.object.load(ordering: .relaxed)),
            let object = Unmanaged<AnyObject>.fromOpaque(bits).takeUnretainedValue() as? Object
        else { throw closed(kind) }
        return try body(object)
    }

    /// Takes the object out; the handle is dead from here on. `nil` where it already was.
    func remove(_ handle: OpaquePointer?, _ kind: Kind) -> AnyObject? {
        guard let handle, let (slot, generation) = find(handle, kind) else { return nil }
        guard
            slot.pointee.generation.compareExchange(
                expected: generation, desired: generation &+ 1, ordering: .sequentiallyConsistent
            ).exchanged
        else { return nil }
        waitBriefly { slot.pointee.users.load(ordering: .sequentiallyConsistent) > 0 }
        let bits = slot.pointee.object.exchange(0, ordering: .relaxed)
        free.withLock { $0.append(slot - slots) }
        return UnsafeRawPointer(bitPattern: bits).map { Unmanaged<AnyObject>.fromOpaque($0).takeRetainedValue() }
    }

    private func find(_ handle: OpaquePointer, _ kind: Kind) -> (UnsafeMutablePointer<Slot>, UInt32)? {
        let bits = UInt(bitPattern: handle)
        let generation = UInt32(truncatingIfNeeded: bits >> 18)
        guard bits & 0xF == kind.rawValue, bits >> 50 == 0, generation % 2 == 1 else { return nil }
        return (slots + Int(bits >> 4 & UInt(Self.capacity - 1)), generation)
    }

    private func closed(_ kind: Kind) -> AffettoError {
        // Whole literals: refusing must not allocate on an audio thread.
        switch kind {
        case .engine: AffettoError(.closed, "the engine handle was destroyed, or never was one")
        case .session: AffettoError(.closed, "the session handle was destroyed, or never was one")
        case .voice: AffettoError(.closed, "the voice handle was destroyed, or never was one")
        case .face: AffettoError(.closed, "the face handle was destroyed, or never was one")
        case .dataset: AffettoError(.closed, "the data set was destroyed, or never was one")
        case .model: AffettoError(.closed, "the model was destroyed, or never was one")
        case .music: AffettoError(.closed, "the piece of music was destroyed, or never was one")
        case .faceRecording: AffettoError(.closed, "the recording was destroyed, or never was one")
        }
    }
}
