#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// A thread of the operating system, for work that blocks.
package struct SystemThread: Sendable {
    /// The number of the C library's error with which a thread could not be made.
    package struct StartError: Error, Equatable {
        /// The error number, such as `EAGAIN` when there are too many threads.
        package let code: Int32
    }

    /// The work that is handed to a new thread.
    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            // Who cannot have a name runs without one.
            #if canImport(Darwin)
            pthread_setname_np(name)
            #else
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            if file >= 0 {
                _ = write(file, name, name.utf8.count)
                close(file)
            }
            #endif
            body()
        }
    }

    private let handle: Handle

    /// Starts a thread; it must be joined or detached, once.
    ///
    /// - Parameters:
    ///   - name: what `top -H`, debuggers and profilers call it, at most 15 bytes.
    ///   - body: what it does.
    /// - Throws: that the system gives no thread.
    package init(named name: String, _ body: @escaping @Sendable () -> Void) throws(StartError) {
        precondition(name.utf8.count <= 15, "a thread has the name \(name)")
        // The reference goes to the thread, which releases it; when there is no thread, it is released here.
        let work = Unmanaged.passRetained(Work(name, body))
        var thread: pthread_t? = nil
        let code = SystemThread.create(&thread, work.toOpaque())
        guard code == 0, let thread else {
            work.release()
            throw StartError(code: code)
        }
        handle = Handle(thread: thread)
    }

    /// Whether the caller runs on this thread.
    package var isCurrent: Bool { pthread_equal(pthread_self(), handle.thread) != 0 }

    /// Waits for the end of the thread.
    package func join() {
        precondition(!isCurrent, "a thread cannot wait for its own end")
        let code = pthread_join(handle.thread, nil)
        precondition(code == 0, "a thread was joined twice: error \(code)")
    }

    /// Lets the thread end on its own.
    package func detach() {
        let code = pthread_detach(handle.thread)
        precondition(code == 0, "a thread was detached twice: error \(code)")
    }

    // @unchecked Sendable: the identifier of a thread is an opaque constant, which POSIX lets every thread use.
    private struct Handle: @unchecked Sendable {
        let thread: pthread_t
    }

    #if canImport(Darwin)
    private static func create(_ thread: inout pthread_t?, _ work: UnsafeMutableRawPointer) -> Int32 {
        pthread_create(
            &thread,
            nil,
            { context in
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            work
        )
    }
    #else
    private static func create(_ thread: inout pthread_t?, _ work: UnsafeMutableRawPointer) -> Int32 {
        var created = pthread_t()
        let code = pthread_create(
            &created,
            nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            work
        )
        if code == 0 { thread = created }
        return code
    }
    #endif
}
