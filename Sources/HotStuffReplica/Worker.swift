internal import HotStuffStorage

/// A thread that takes what is queued for it, all at once, and does it in order.
///
/// The queue is bounded by those who fill it; each user of a worker says how.
final class Worker<Job: Sendable>: Sendable {
    private struct Queue: Sendable {
        var jobs: [Job] = []
        /// What the jobs weigh that are queued or being done.
        var weight = 0
        /// What those of them weigh that are still queued.
        var queuedWeight = 0
        var isStopping = false
        var hasEnded = false
    }

    private let queue: Monitor<Queue>
    private let thread: SystemThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: the name of the thread.
    ///   - perform: does what has been queued since the last time, in order.
    /// - Throws: that the system gives no thread.
    init(named name: String, _ perform: @escaping @Sendable ([Job]) -> Void) throws(ReplicaError) {
        let queue = Monitor(Queue())
        self.queue = queue
        do {
            thread = try SystemThread(named: name) {
                while let (jobs, weight) = Worker.next(queue) {
                    perform(jobs)
                    queue.change { $0.weight -= weight }
                }
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

    /// Queues a job when there is room for it; who posts it waits until there is.
    ///
    /// Never to be called by what the thread performs. After a stop the job is dropped.
    ///
    /// - Parameters:
    ///   - job: what is to be done.
    ///   - weight: how heavy it is, in whatever unit all jobs of the worker are weighed.
    ///   - limit: what all jobs may weigh that are queued or being done; one alone may be heavier.
    func post(_ job: Job, weighing weight: Int, within limit: Int) {
        queue.wait { queue -> Void? in
            if queue.isStopping { return () }
            guard queue.weight == 0 || queue.weight + weight <= limit else { return nil }
            queue.jobs.append(job)
            queue.weight += weight
            queue.queuedWeight += weight
            return ()
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

    private static func next(_ queue: Monitor<Queue>) -> (jobs: [Job], weight: Int)? {
        let taken: (jobs: [Job], weight: Int) = queue.wait { queue in
            guard !queue.jobs.isEmpty || queue.isStopping else { return nil }
            defer { (queue.jobs, queue.queuedWeight) = ([], 0) }
            return (queue.jobs, queue.queuedWeight)
        }
        return taken.jobs.isEmpty ? nil : taken
    }
}
