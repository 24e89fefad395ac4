import HotStuff
import HotStuffTransport
import Testing

@testable import HotStuffClient

@Suite("Configuration of the client")
struct ConfigurationTests {
    private func fault(
        powers: [UInt64] = [1, 1, 1, 1],
        _ change: (inout ClientConfiguration) -> Void
    ) throws -> ClientConfigurationError? {
        var configuration = try Bench.configuration(powers: powers)
        change(&configuration)
        return configuration.fault
    }

    @Test("the defaults are without fault")
    func defaults() throws {
        let fault = try fault { _ in }
        #expect(fault == nil)
    }

    @Test("every number has a range, and the fault names both")
    func ranges() throws {
        let changes: [(String, @Sendable (inout ClientConfiguration) -> Void)] = [
            ("resendInterval", { $0.resendInterval = .zero }),
            ("maximumResendInterval", { $0.maximumResendInterval = .seconds(Int64.max) }),
            ("requestTimeout", { $0.requestTimeout = .seconds(-1) }),
            ("batchInterval", { $0.batchInterval = .seconds(2) }),
            ("maximumOutstanding", { $0.maximumOutstanding = 2_049 }),
            ("maximumOutstanding", { $0.maximumOutstanding = 0 }),
            ("maximumOutstandingByteCount", { $0.maximumOutstandingByteCount = .min }),
            ("maximumUnbatchedCount", { $0.maximumUnbatchedCount = -1 }),
            ("maximumBatchCount", { $0.maximumBatchCount = 0 }),
            ("maximumBatchByteCount", { $0.maximumBatchByteCount = (1 << 20) + 1 }),
            ("maximumClientMessageByteCount", { $0.transport.limits.maximumClientMessageByteCount = 7 }),
        ]
        for (name, change) in changes {
            let fault = try fault(change)
            guard case .outOfRange(let clause) = fault else {
                Issue.record("\(name): \(String(describing: fault))")
                continue
            }
            #expect(clause.hasPrefix("\(name) is ") && clause.contains("allowed are"))
        }
    }

    @Test("peers are validators, with the same keys")
    func keys() throws {
        let wrongKey = try fault { configuration in
            configuration.transport.peers[2] = Peer(id: ReplicaID(2), host: "a", port: 1, verificationKey: [9])
        }
        #expect(wrongKey == .notValidator(ReplicaID(2)))
        let stranger = try fault { configuration in
            configuration.transport.peers.append(Peer(id: ReplicaID(4), host: "a", port: 1, verificationKey: [4]))
        }
        #expect(stranger == .notValidator(ReplicaID(4)))
    }

    @Test("peers that can never agree with enough power are too few")
    func fewPeers() throws {
        let few = try fault { $0.transport.peers.removeLast(3) }
        #expect(few == .tooFewPeers(power: VotingPower(1), needed: VotingPower(2)))
        let enough = try fault { $0.transport.peers.removeLast(2) }
        #expect(enough == nil)
        let heavy = try fault(powers: [2, 1, 1, 1]) { $0.transport.peers.removeLast(3) }
        #expect(heavy == nil)
    }

    @Test("every error has one line for people")
    func descriptions() {
        let errors: [ClientError] = [
            .timedOut(confirmed: VotingPower(1), needed: VotingPower(2)), .tooLong, .sessionLost(.unknownSession),
            .sessionLost(.replyForgotten), .sequenceTaken(by: .zero, at: Height(3)), .cancelled, .stopped,
            .noReplicaReachable([
                UnreachableReplica(replica: ReplicaID(0), reason: "refused"),
                UnreachableReplica(replica: ReplicaID(1), reason: nil),
            ]),
        ]
        let lines = errors.map(\.description)
        #expect(Set(lines).count == errors.count)
        #expect(lines.allSatisfy { !$0.isEmpty && !$0.contains("\n") })
        #expect(lines.last == "no replica can be reached (replica 0: refused; replica 1: not tried yet)")
    }
}
