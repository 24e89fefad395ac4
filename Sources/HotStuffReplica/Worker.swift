internal import HotStuffStorage

/// A thread that takes what is queued for it, all at once, and does it in order.
///
/// The queue is bounded by those who fill it; each user of a worker says how.
final class Worker<Job: Sendable>: Sendable {
    private struct Queue: Sendable {
        var jobs: [Job] = []
        var isStopping = false
        var hasEnded = false
    }

    private let queue: Monitor<Queue>
    private let thread: SystemThread

    /// Starts the thread.
    ///
    /// - Parameter perform: does what has been queued since the last time, in order.
    /// - Throws: that the system gives no thread.
    init(_ perform: @escaping @Sendable ([Job]) -> Void) throws(ReplicaError) {
        let queue = Monitor(Queue())
        self.queue = queue
        do {
            thread = try SystemThread {
                while let jobs = Worker.next(queue) { perform(jobs) }
            }
        } catch {
            throw .thread(error.code)
        }
    }

    /// Queues a job.
    ///
    /// After a stop, or when so many wait already, it is dropped.
    func post(_ job: Job, unlessWaiting limit: Int = .max) {
        queue.change { queue in
            if !queue.isStopping, queue.jobs.count < limit { queue.jobs.append(job) }
        }
    }

    /// Does what is queued, and ends the thread.
    func stop() {
        queue.change { $0.isStopping = true }
        thread.join()
        queue.change { $0.hasEnded = true }
    }

    deinit {
        let hasEnded = queue.change { queue in
            queue.isStopping = true
            return queue.hasEnded
        }
        if !hasEnded { thread.detach() }
    }

    private static func next(_ queue: Monitor<Queue>) -> [Job]? {
        let jobs: [Job] = queue.wait { queue in
            guard !queue.jobs.isEmpty || queue.isStopping else { return nil }
            defer { queue.jobs = [] }
            return queue.jobs
        }
        return jobs.isEmpty ? nil : jobs
    }
}
