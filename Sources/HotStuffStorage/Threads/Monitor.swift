#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// A value that one thread at a time may touch, and for whose changes threads may wait.
///
/// Every change wakes all who wait; meant for few waiters.
//
// @unchecked Sendable: `state` is read and written only between a lock and the matching unlock of `mutex`, in the methods
// below; waiting gives the mutex up and takes it back before it returns. The mutex and the condition have stable
// addresses, because they are allocated once, and live as long as this object; a thread inside a method holds a reference to it.
package final class Monitor<State>: @unchecked Sendable {
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Creates a monitor over a value that nobody else keeps.
    package init(_ state: sending State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        check(pthread_mutex_init(mutex, nil))
        #if canImport(Darwin)
        check(pthread_cond_init(condition, nil))
        #else
        var attributes = pthread_condattr_t()
        check(pthread_condattr_init(&attributes))
        check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC))
        check(pthread_cond_init(condition, &attributes))
        check(pthread_condattr_destroy(&attributes))
        #endif
    }

    deinit {
        check(pthread_cond_destroy(condition))
        check(pthread_mutex_destroy(mutex))
        condition.deallocate()
        mutex.deallocate()
    }

    /// Changes the value, then wakes all who wait.
    package func change<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Who is woken before the mutex is free only waits for that.
        defer { wake() }
        return try changeQuietly(body)
    }

    /// Changes the value and wakes nobody: what they wait for is not in it.
    package func changeQuietly<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        check(pthread_mutex_lock(mutex))
        defer { check(pthread_mutex_unlock(mutex)) }
        return try body(&state)
    }

    /// Waits until an answer can be had of the value; what the closure changes when it answers wakes the others.
    ///
    /// - Parameter body: gives nil, and changes nothing, when it is too early.
    /// - Returns: the answer.
    /// - Throws: what the closure throws, which also ends the waiting.
    package func wait<Result: Sendable, Failure: Error>(
        for body: (inout State) throws(Failure) -> Result?
    ) throws(Failure) -> Result {
        let result = try waitQuietly(for: body)
        wake()
        return result
    }

    /// Waits like `wait(for:)`, but wakes nobody.
    ///
    /// - Parameter body: gives nil, and changes nothing, when it is too early.
    /// - Returns: the answer.
    /// - Throws: what the closure throws, which also ends the waiting.
    package func waitQuietly<Result: Sendable, Failure: Error>(
        for body: (inout State) throws(Failure) -> Result?
    ) throws(Failure) -> Result {
        check(pthread_mutex_lock(mutex))
        defer { check(pthread_mutex_unlock(mutex)) }
        while true {
            if let result = try body(&state) { return result }
            check(pthread_cond_wait(condition, mutex))
        }
    }

    /// Wakes all who wait, to look again.
    package func wake() { check(pthread_cond_broadcast(condition)) }

    /// Waits like `wait(for:)`, but not past a moment; then there is no answer.
    ///
    /// - Parameters:
    ///   - deadline: nanoseconds of the system's steady clock; none to wait for ever.
    ///   - body: gives nil, and changes nothing, when it is too early.
    /// - Returns: the answer, or nothing if the moment came first.
    package func wait<Result: Sendable>(
        until deadline: UInt64?,
        for body: (inout State) -> Result?
    ) -> Result? {
        watch { state -> Look<Result?> in
            if let result = body(&state) { return .found(result) }
            if let deadline, SteadyClock.nanoseconds >= deadline { return .found(nil) }
            return .lookAgain(by: deadline)
        }
    }

    /// What was seen in the value by one who waits.
    package enum Look<Result> {
        /// What was waited for.
        case found(Result)
        /// Not yet: look again when the value has changed, or when a moment has come, in nanoseconds of the system's steady clock.
        case lookAgain(by: UInt64?)
    }

    /// Waits until an answer can be had of the value, or of the clock, and wakes the others then.
    ///
    /// - Parameter body: answers, or says when to look again.
    /// - Returns: the answer.
    package func watch<Result: Sendable>(_ body: (inout State) -> Look<Result>) -> Result {
        check(pthread_mutex_lock(mutex))
        defer { check(pthread_mutex_unlock(mutex)) }
        while true {
            switch body(&state) {
            case .found(let result):
                check(pthread_cond_broadcast(condition))
                return result
            case .lookAgain(by: nil):
                check(pthread_cond_wait(condition, mutex))
            case .lookAgain(by: let deadline?):
                #if canImport(Darwin)
                let now = SteadyClock.nanoseconds
                var left = SteadyClock.timespec(nanoseconds: deadline > now ? deadline - now : 0)
                let code = pthread_cond_timedwait_relative_np(condition, mutex, &left)
                #else
                var end = SteadyClock.timespec(nanoseconds: deadline)
                let code = pthread_cond_timedwait(condition, mutex, &end)
                #endif
                precondition(code == 0 || code == ETIMEDOUT, "a pthread call failed with error \(code)")
            }
        }
    }

    /// These calls fail only when they are misused.
    private func check(_ code: Int32) {
        precondition(code == 0, "a pthread call failed with error \(code)")
    }
}
