import Glibc

/// A value behind a pthread mutex, which ThreadSanitizer can see (the one of `Synchronization` it cannot).
public final class Guarded<Value>: @unchecked Sendable {
    // Before the value: one of no size, `Void`, would share its place, and ThreadSanitizer would see a race there.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    public init(_ value: Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}

/// Waits for the few instructions that another thread still has to do: yields at first, then sleeps, so that even a
/// real-time thread lets one of lower priority finish.
public func waitBriefly(while isBusy: () -> Bool) {
    var turns = 0
    while isBusy() {
        turns += 1
        if turns < 1000 { sched_yield() } else { usleep(50) }
    }
}
