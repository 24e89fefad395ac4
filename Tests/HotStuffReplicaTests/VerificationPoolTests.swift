import HotStuff
import HotStuffReplica
import HotStuffStorage
import PostQuantum
import Testing

/// A scheme of one byte: one is valid, all else is not.
private struct OneIsValid: SignatureVerifier {
    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool { signature.bytes == [1] }
}

/// A verifier in which all callers stay until it is opened, but with the first signature, at which the caller looks alone.
private final class Gate: SignatureVerifier {
    private struct State {
        var entered = 0
        var isOpen = false
    }

    private let state = Monitor(State())

    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        guard signer != ReplicaID(0) else { return true }
        state.change { $0.entered += 1 }
        state.wait { $0.isOpen ? () : nil }
        return true
    }

    func open() { state.change { $0.isOpen = true } }

    /// Waits until so many callers are inside, for a minute at the most.
    func isEntered(by count: Int) -> Bool {
        state.wait(until: SteadyClock.nanoseconds + 60_000_000_000) { $0.entered >= count ? true : nil } ?? false
    }
}

/// A verifier that counts what it is asked, and finds nothing valid.
private final class NothingIsValid: SignatureVerifier {
    private let asked = Monitor(0)

    var count: Int { asked.change { $0 } }

    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool {
        asked.change { $0 += 1 }
        return false
    }
}

private func batch(_ count: Int, bad: Set<Int> = []) -> [SignedDigest] {
    (0..<count).map { SignedDigest(Signature([bad.contains($0) ? 0 : 1]), on: .zero, by: ReplicaID(UInt16($0))) }
}

@Suite("VerificationPool")
struct VerificationPoolTests {
    @Test(
        "finds the first bad signature, wherever it stands, with any number of threads",
        arguments: [0, 1, 3],
        [0, 1, 7, 8, 9, 10, 21, 67]
    )
    func firstInvalid(threads: Int, count: Int) throws {
        let pool = try VerificationPool(threadCount: threads)
        defer { pool.stop() }
        #expect(pool.firstInvalid(of: batch(count), by: OneIsValid()) == nil)
        for place in 0..<count {
            #expect(pool.firstInvalid(of: batch(count, bad: [place]), by: OneIsValid()) == place)
            #expect(pool.firstInvalid(of: batch(count, bad: Set(place..<count)), by: OneIsValid()) == place)
            #expect(pool.firstInvalid(of: batch(count, bad: [place, count - 1]), by: OneIsValid()) == place)
        }
    }

    @Test("the answer is the same many times over, by random places", arguments: [1, 3])
    func random(threads: Int) throws {
        let pool = try VerificationPool(threadCount: threads)
        defer { pool.stop() }
        for seed in 1...2_000 as ClosedRange<UInt64> {
            // A multiplier of a linear congruential generator spreads the seeds.
            var state = seed
            func below(_ limit: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % limit
            }
            let count = 9 + below(60)
            let bad = Set((0..<below(4)).map { _ in below(count) })
            #expect(pool.firstInvalid(of: batch(count, bad: bad), by: OneIsValid()) == bad.min(), "seed \(seed)")
        }
    }

    @Test("garbage costs one verification, and wakes nobody", arguments: [0, 1, 3])
    func garbage(threads: Int) throws {
        let pool = try VerificationPool(threadCount: threads)
        defer { pool.stop() }
        for count in [1, 9, 67] {
            let verifier = NothingIsValid()
            #expect(pool.firstInvalid(of: batch(count), by: verifier) == 0)
            #expect(verifier.count == 1)
        }
    }

    @Test("as many threads work on a batch as have something to do")
    func threadCounts() throws {
        let pool = try VerificationPool(threadCount: 3)
        defer { pool.stop() }
        #expect([0, 1, 8, 9, 12, 15, 16, 100].map(pool.threadCount) == [1, 1, 1, 2, 3, 3, 4, 4])
        let alone = try VerificationPool(threadCount: 0)
        #expect(alone.threadCount(for: 100) == 1)
    }

    @Test("the threads take part above the size that is verified inline")
    func takesPart() throws {
        let pool = try VerificationPool(threadCount: 1)
        defer { pool.stop() }
        let gate = Gate()
        let caller = try SystemThread(named: "test") {
            _ = pool.firstInvalid(of: batch(VerificationPool.inlineCount + 1), by: gate)
        }
        #expect(gate.isEntered(by: 2))
        gate.open()
        caller.join()
    }

    @Test("nobody waits for a helper that is busy elsewhere")
    func busyHelper() throws {
        let pool = try VerificationPool(threadCount: 1)
        defer { pool.stop() }
        let gate = Gate()
        let caller = try SystemThread(named: "test") { _ = pool.firstInvalid(of: batch(20), by: gate) }
        #expect(gate.isEntered(by: 2))
        for place in [nil, 0, 19, 66] {
            let signed = batch(67, bad: Set([place].compactMap { $0 }))
            #expect(pool.firstInvalid(of: signed, by: OneIsValid()) == place)
        }
        gate.open()
        caller.join()
    }

    @Test("several callers share a pool")
    func severalCallers() throws {
        let pool = try VerificationPool(threadCount: 2)
        defer { pool.stop() }
        let wrong = Monitor(0)
        let callers = try (0..<4).map { caller in
            try SystemThread(named: "test") {
                for round in 0..<300 {
                    let place = (round &* 7 &+ caller) % 40
                    if pool.firstInvalid(of: batch(40, bad: [place]), by: OneIsValid()) != place {
                        wrong.change { $0 += 1 }
                    }
                }
            }
        }
        for caller in callers { caller.join() }
        #expect(wrong.change { $0 } == 0)
    }

    @Test("a stopped pool still answers, on the caller's thread alone", arguments: [0, 1, 3])
    func stopped(threads: Int) throws {
        let pool = try VerificationPool(threadCount: threads)
        pool.stop()
        #expect(pool.firstInvalid(of: batch(67), by: OneIsValid()) == nil)
        #expect(pool.firstInvalid(of: batch(67, bad: [66, 40]), by: OneIsValid()) == 40)
    }

    @Test("there is a thread for each core but one, and not too many")
    func defaultCount() {
        #expect((0...7).contains(VerificationPool.defaultThreadCount))
    }
}

@Suite("Certificates of real signatures")
struct RealCertificateTests {
    private static let scheme = SignatureScheme.mlDSA65

    @Test(
        "are valid with all signatures, and one bad byte is blamed on its signer, with any number of threads",
        arguments: [0, 1, 3],
        [4, 13]
    )
    func certificates(threads: Int, count: Int) throws {
        let scheme = Self.scheme
        let signers = try (0..<count).map { _ in try scheme.makeSigner(seed: scheme.generateSeed()) }
        let validators = try ValidatorSet(
            signers.map { Validator(verificationKey: $0.verificationKey.bytes, power: VotingPower(1)) }
        )
        let genesis = Genesis(
            name: "test",
            validators: validators,
            signatureScheme: scheme.rawValue,
            parameters: ChainParameters()
        )
        let committee = Committee(genesis)
        let pool = try VerificationPool(threadCount: threads)
        let fresh = try MessageVerifier(
            committee: committee,
            parameters: genesis.parameters,
            scheme: scheme,
            pool: pool
        )
        let statement = VoteStatement(
            chain: committee.chain,
            epoch: committee.epoch,
            view: View(1),
            block: Digest.hash(of: [1]),
            height: Height(1),
            parentView: .genesis,
            commits: nil
        )
        let signed = try signers.enumerated().map {
            (signer: ReplicaID(UInt16($0)), signature: try $1.sign(statement: statement.digest))
        }
        func failure(_ verifier: inout MessageVerifier, spoiling place: Int?) -> VerificationFailure? {
            var signed = signed
            if let place {
                var bytes = signed[place].signature.bytes
                bytes[1_000] ^= 1
                signed[place].signature = Signature(bytes)
            }
            let certificate = QuorumCertificate(statement: statement, signatures: SignatureSet(signed))
            do {
                _ = try verifier.verify(CertificatePair(quorum: certificate, timeout: nil))
                return nil
            } catch {
                return error
            }
        }
        for place in 0..<count {
            var cold = fresh
            #expect(failure(&cold, spoiling: place) == .invalidSignature(ReplicaID(UInt16(place))))
        }
        var verifier = fresh
        #expect(failure(&verifier, spoiling: nil) == nil)
        for place in 0..<count {
            #expect(failure(&verifier, spoiling: place) == .invalidSignature(ReplicaID(UInt16(place))))
        }
        pool.stop()
        var late = fresh
        #expect(failure(&late, spoiling: nil) == nil)
        #expect(failure(&late, spoiling: count - 1) == .invalidSignature(ReplicaID(UInt16(count - 1))))
    }
}
