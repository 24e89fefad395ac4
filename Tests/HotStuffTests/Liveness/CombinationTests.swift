import HotStuff
import Testing

@Suite("Elections, routings and rules together")
struct CombinationTests {
    /// A chain of so many replicas whose parameters leave no obstacle.
    struct Chain: Sendable, CustomTestStringConvertible {
        let count: Int
        let parameters: ChainParameters

        var testDescription: String {
            "\(count): \(parameters.leaderElection), \(parameters.voteRouting), \(parameters.commitRule)"
        }
    }

    /// Every combination that can commit; leaders in turn have the tenure that they need for it.
    static let chains: [Chain] = [4, 7].flatMap { count in
        [LeaderElectionRule.standard, .weighted, .reputation, .proofOfWork(difficulty: 9)].flatMap { election in
            VoteRouting.allCases.flatMap { routing in
                CommitRule.allCases.compactMap { rule in
                    var parameters = ChainParameters(
                        maximumCommandsPerBlock: 1,
                        leaderElection: election,
                        commitRule: rule,
                        voteRouting: routing
                    )
                    let powers = [UInt64](repeating: 1, count: count)
                    if let obstacle = parameters.obstacle(among: powers) {
                        guard case .roundRobin = election else { return nil }
                        for case .tenure(let views) in obstacle.remedies {
                            parameters.leaderElection = .roundRobin(tenure: views)
                        }
                        guard parameters.obstacle(among: powers) == nil else { return nil }
                    }
                    return Chain(count: count, parameters: parameters)
                }
            }
        }
    }

    @Test("only what has no next leader, or too few in a row, is left out")
    func completeness() {
        // Four elections, two routings and two rules, for four and for seven replicas.
        let leftOut = 32 - Self.chains.count
        let withoutNextLeader = 4
        let byWeight = Self.chains.filter { $0.parameters.leaderElection == .weighted }.count
        #expect(leftOut == withoutNextLeader + 8 - byWeight)
        #expect(byWeight == 6, "by weight, votes to the next leader are not enough for three-chain")
    }

    @Test("make commands final while f are gone, whether their connections break or not", arguments: chains)
    func commits(chain: Chain) throws {
        for isNoticed in [true, false] {
            let world = World(chain.count, parameters: chain.parameters)
            let settings = ConsensusSettings(
                pacemaker: PacemakerSettings(viewTimeoutMilliseconds: 200, maximumTimeoutMilliseconds: 2_000)
            )
            let cluster = TimedCluster(world, settings: settings, delayMicroseconds: 1_000)
            for number in 1...400 as ClosedRange<UInt64> { cluster.submit(number) }
            let isWarm = cluster.run(forMicroseconds: 60_000_000) {
                cluster.replicas.allSatisfy { $0.archive.count >= 10 }
            }
            #expect(isWarm)
            let faulty = (chain.count - 1) / 3
            for dead in 0..<faulty { cluster.crash(1 + 2 * dead, isNoticed: isNoticed) }
            let others = cluster.replicas.filter(\.isUp)
            let before = others.map(\.archive.count).max() ?? 0
            let goesOn = cluster.run(forMicroseconds: 300_000_000) {
                others.allSatisfy { $0.archive.count >= before + 20 }
            }
            #expect(goesOn, "noticed: \(isNoticed)")
            #expect(others.count == chain.count - faulty)
            #expect(others.allSatisfy { $0.halt == nil && $0.rejected.isEmpty })
        }
    }
}
