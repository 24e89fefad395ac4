package import HotStuff
internal import HotStuffStorage
internal import NIOCore
internal import Synchronization

/// Threads that help a caller to verify many signatures at once.
///
/// The signatures of a batch are taken one by one, in their order, by the caller and by the helpers that it wakes. So no core is
/// idle while another has work left, and nobody waits for a helper that does not get to run: at the end the caller waits for
/// no more than the one signature that each helper is at. Nobody spins.
package final class VerificationPool: Sendable {
    private let helpers: [Worker<Batch>]

    /// How many signatures are verified by the caller alone, for waking a thread costs 10 to 20 microseconds: as much as
    /// verifying one or two.
    package static let inlineCount = 8
    /// How many signatures there are at least for each thread that verifies a batch, the caller's among them.
    private static let leastShare = 4

    /// How many threads a pool can have.
    static let threadCounts = 0...1_023
    /// One thread for each core but one, on which the caller runs, and no more than seven.
    package static var defaultThreadCount: Int { max(0, min(System.coreCount - 1, 7)) }

    /// Starts the threads.
    ///
    /// - Parameter threadCount: how many; with none the caller does all itself.
    /// - Throws: that the system gives no thread.
    package init(threadCount: Int) throws(ReplicaError) {
        precondition(VerificationPool.threadCounts.contains(threadCount), "a pool of \(threadCount) threads")
        var helpers: [Worker<Batch>] = []
        for _ in 0..<threadCount {
            helpers.append(
                try Worker(named: "hs-verify") { batches in
                    for batch in batches { batch.help() }
                }
            )
        }
        self.helpers = helpers
    }

    /// Ends the threads, once; a caller that comes later does all itself.
    package func stop() {
        for helper in helpers { helper.stop() }
    }

    /// How many threads verify a batch of some signatures, the caller's among them.
    package func threadCount(for signatureCount: Int) -> Int {
        guard signatureCount > VerificationPool.inlineCount else { return 1 }
        return 1 + min(helpers.count, signatureCount / VerificationPool.leastShare - 1)
    }

    /// The index of the first signature that is not valid by a verifier; none if all are valid.
    ///
    /// The answer does not depend on the number of threads. The caller looks at the first signature before it wakes anybody, so
    /// that a message of garbage wakes nobody.
    package func firstInvalid(of signed: [SignedDigest], by verifier: some SignatureVerifier) -> Int? {
        let threadCount = threadCount(for: signed.count)
        guard threadCount > 1, let first = signed.first else {
            return signed.firstIndex { !verifier.isValid($0.signature, on: $0.digest, by: $0.signer) }
        }
        guard verifier.isValid(first.signature, on: first.digest, by: first.signer) else { return 0 }
        let batch = Batch(signed, from: 1, verifier: verifier)
        for helper in helpers.prefix(threadCount - 1) {
            // Who has a batch in its queue has not woken up since; it gets no second one.
            helper.post(batch, unlessWaiting: 1)
        }
        batch.work()
        return batch.firstInvalid()
    }

    /// Signatures that several threads verify.
    ///
    /// Each index is claimed by one thread, in ascending order. `lowestInvalid` only goes down, and only to invalid ones, so no index
    /// below its last value is left out: it was claimed, and it was verified, for it was below every value that could stop it.
    private final class Batch: Sendable {
        private let signed: [SignedDigest]
        private let verifier: any SignatureVerifier
        private let next: Atomic<Int>
        private let lowestInvalid: Atomic<Int>
        private let helperCount = Monitor(0)

        init(_ signed: [SignedDigest], from first: Int, verifier: any SignatureVerifier) {
            self.signed = signed
            next = Atomic(first)
            self.verifier = verifier
            lowestInvalid = Atomic(signed.count)
        }

        /// Works as a helper, for whom the caller waits.
        func help() {
            helperCount.change { $0 += 1 }
            work()
            helperCount.change { $0 -= 1 }
        }

        /// Verifies until there is nothing left that matters.
        func work() {
            while true {
                let index = next.add(1, ordering: .acquiringAndReleasing).oldValue
                guard index < lowestInvalid.load(ordering: .relaxed) else { return }
                let item = signed[index]
                if !verifier.isValid(item.signature, on: item.digest, by: item.signer) {
                    lowestInvalid.min(index, ordering: .relaxed)
                    return
                }
            }
        }

        /// The answer, for the caller, when it has worked.
        ///
        /// A helper counts itself before it claims. Whoever claimed an index below the caller's last claim is therefore counted
        /// here, and the caller sees what it found; who claims later claims nothing that matters.
        func firstInvalid() -> Int? {
            helperCount.wait { $0 == 0 ? () : nil }
            let lowest = lowestInvalid.load(ordering: .relaxed)
            return lowest < signed.count ? lowest : nil
        }
    }
}
