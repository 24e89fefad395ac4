internal import HotStuff
internal import PostQuantum

/// Where a replica's statements are signed.
enum Signing: Sendable {
    /// By the loop itself, at once: for a signer that takes the processor alone, where no sync of the disk runs meanwhile.
    case here(any Signer)
    /// On a thread of its own, beside the write of the journal.
    case beside(Worker<SigningRequest>)

    /// Starts the thread that signs.
    ///
    /// - Parameters:
    ///   - signer: the private key.
    ///   - onSigned: takes the number of each request with its signature, on the thread.
    ///   - onFailure: takes the first failure, after which nothing is signed.
    /// - Returns: the thread, to be stopped with this value.
    /// - Throws: that the system gives no thread.
    static func worker(
        _ signer: any Signer,
        onSigned: @escaping @Sendable (UInt64, Signature) -> Void,
        onFailure: @escaping @Sendable (SigningError) -> Void
    ) throws(ReplicaError) -> Worker<SigningRequest> {
        try Worker(named: "hs-sign") { requests in
            for request in requests {
                do throws(SigningError) {
                    onSigned(request.number, try signer.sign(statement: request.digest))
                } catch {
                    return onFailure(error)
                }
            }
        }
    }

    /// Signs what waits, and ends the thread, if there is one.
    func stop() {
        if case .beside(let worker) = self { worker.stop() }
    }
}
