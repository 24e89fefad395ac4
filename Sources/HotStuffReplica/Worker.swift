internal import HotStuffStorage

/// A thread that takes what is queued for it, all at once, and does it in order.
///
/// The queue is bounded by those who fill it; each user of a worker says how. A thread that may linger leaves jobs that can wait for so long, unless
/// one comes that cannot: then many cost one awakening.
final class Worker<Job: Sendable>: Sendable {
    private struct Queue: Sendable {
        var jobs: [Job] = []
        /// What the jobs weigh that are queued or being done.
        var weight = 0
        /// What those of them weigh that are still queued.
        var queuedWeight = 0
        /// Whether one of the queued jobs cannot wait.
        var isUrgent = false
        var isStopping = false
        var hasEnded = false
    }

    private let queue: Monitor<Queue>
    private let thread: SystemThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: the name of the thread.
    ///   - lingering: how long jobs that can wait are left in the queue, in nanoseconds.
    ///   - perform: does what has been queued since the last time, in order.
    /// - Throws: that the system gives no thread.
    init(named name: String, lingering: UInt64 = 0, _ perform: @escaping @Sendable ([Job]) -> Void) throws(ReplicaError)
    {
        let queue = Monitor(Queue())
        self.queue = queue
        do {
            thread = try SystemThread(named: name) {
                while let (jobs, weight) = Worker.next(queue, lingering: lingering) {
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
    func post(_ job: Job, unlessWaiting limit: Int = .max) { post([job]) { _ in limit } }

    /// Queues jobs with one awakening.
    ///
    /// After a stop they are dropped, and of each kind those that would come behind more than its limit.
    ///
    /// - Parameters:
    ///   - jobs: what is to be done, in order.
    ///   - limit: how many may wait before a job.
    func post(_ jobs: [Job], unlessWaiting limit: (Job) -> Int) {
        queue.change { queue in
            guard !queue.isStopping else { return }
            for job in jobs where queue.jobs.count < limit(job) {
                queue.jobs.append(job)
                queue.isUrgent = true
            }
        }
    }

    /// Queues a job that can wait, when there is room for it; who posts it waits until there is.
    ///
    /// Never to be called by what the thread performs. After a stop the job is dropped.
    ///
    /// - Parameters:
    ///   - job: what is to be done.
    ///   - weight: how heavy it is, in whatever unit all jobs of the worker are weighed.
    ///   - limit: what all jobs may weigh that are queued or being done; one alone may be heavier.
    func post(_ job: Job, weighing weight: Int, within limit: Int) {
        // The thread wakes for the first of them, and when those that wait weigh so much that others might have to.
        let isToWake = queue.waitQuietly { queue -> Bool? in
            if queue.isStopping { return false }
            guard queue.weight == 0 || queue.weight + weight <= limit else { return nil }
            queue.jobs.append(job)
            queue.weight += weight
            queue.queuedWeight += weight
            if queue.queuedWeight > limit / 8 { queue.isUrgent = true }
            return queue.jobs.count == 1 || queue.isUrgent
        }
        if isToWake { queue.wake() }
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

    private static func next(_ queue: Monitor<Queue>, lingering: UInt64) -> (jobs: [Job], weight: Int)? {
        if lingering > 0 {
            queue.waitQuietly { $0.jobs.isEmpty && !$0.isStopping ? nil : () }
            _ = queue.wait(until: SteadyClock.nanoseconds + lingering) { $0.isUrgent || $0.isStopping ? () : nil }
        }
        let taken: (jobs: [Job], weight: Int) = queue.wait { queue in
            guard !queue.jobs.isEmpty || queue.isStopping else { return nil }
            defer { (queue.jobs, queue.queuedWeight, queue.isUrgent) = ([], 0, false) }
            return (queue.jobs, queue.queuedWeight)
        }
        return taken.jobs.isEmpty ? nil : taken
    }
}
