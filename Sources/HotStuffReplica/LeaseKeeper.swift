internal import HotStuff
internal import HotStuffStorage
internal import Synchronization

/// Keeps the lease of a replica ahead of what it signs, mostly on a thread of its own.
///
/// Only where the journal is not synced is there anything to keep. The loop waits for the disk only if half a lease of views goes by
/// faster than a sync.
final class LeaseKeeper: Sendable {
    private final class Holder: Sendable {
        private let lease: Mutex<SigningLease<RealDisk>>

        init(_ lease: SigningLease<RealDisk>) { self.lease = Mutex(lease) }

        var bound: View? { lease.withLock { $0.bound } }

        func extend(over view: View) throws(DiskError) {
            try lease.withLock { lease throws(DiskError) in try lease.extend(over: view) }
        }
    }

    private let holder: Holder
    private let worker: Worker<View>
    /// The bound as far as the loop knows it.
    private let known: Atomic<UInt64>

    /// Begins with a lease as it is on disk.
    ///
    /// - Throws: that the system gives no thread.
    init(_ lease: SigningLease<RealDisk>) throws(ReplicaError) {
        let holder = Holder(lease)
        self.holder = holder
        known = Atomic(lease.bound?.rawValue ?? 0)
        // What fails here fails again, and is told, when the loop needs it.
        worker = try Worker(named: "hs-lease") { views in if let view = views.last { try? holder.extend(over: view) } }
    }

    /// Returns when something of a view may be signed.
    func cover(_ view: View) throws(DiskError) {
        let bound = known.load(ordering: .relaxed)
        guard view.rawValue > bound || bound - view.rawValue < SigningLease<RealDisk>.length / 2 else { return }
        if view.rawValue > bound {
            let actual = holder.bound
            if actual.map({ view > $0 }) ?? true { try holder.extend(over: view) }
        } else {
            worker.post(view, unlessWaiting: 1)
        }
        known.store(holder.bound?.rawValue ?? 0, ordering: .relaxed)
    }

    func stop() { worker.stop() }
}
