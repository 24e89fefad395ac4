import HotStuff
import Testing

@Suite("What keeps a chain from ever committing")
struct CommitObstacleTests {
    private static func parameters(
        _ election: LeaderElectionRule,
        _ rule: CommitRule,
        _ routing: VoteRouting,
        interval: UInt64 = 10_000
    ) -> ChainParameters {
        ChainParameters(
            snapshotInterval: interval,
            leaderElection: election,
            commitRule: rule,
            voteRouting: routing
        )
    }

    private static func equal(_ count: Int) -> [UInt64] { Array(repeating: 1, count: count) }

    @Test(
        "four replicas in turn have three live leaders in a row for sure, and three-chain with votes to the next leader needs four"
    )
    func four() throws {
        let parameters = Self.parameters(.standard, .threeChain, .nextLeader)
        let obstacle = try #require(parameters.obstacle(among: Self.equal(4)))
        #expect(
            "\(obstacle)"
                == "4 replicas of which 1 may be down, round-robin with tenure 1, three-chain and votes to the next leader: "
                + "needs 4 live leaders in a row, at most 3 are sure"
        )
        #expect(obstacle.remedies == [.votesToEveryone, .tenure(2), .twoChain])
        #expect(Self.parameters(.standard, .threeChain, .everyone).obstacle(among: Self.equal(4)) == nil)
        #expect(Self.parameters(.roundRobin(tenure: 2), .threeChain, .nextLeader).obstacle(among: Self.equal(4)) == nil)
        #expect(Self.parameters(.standard, .twoChain, .nextLeader).obstacle(among: Self.equal(4)) == nil)
    }

    @Test(
        "where nobody may be down there is no obstacle",
        arguments: [[1], [1, 1], [1, 1, 1], [5, 5, 5]] as [[UInt64]]
    )
    func nobodyDown(powers: [UInt64]) {
        for election in [LeaderElectionRule.standard, .weighted, .reputation] {
            for rule in CommitRule.allCases {
                #expect(Self.parameters(election, rule, .nextLeader, interval: 1).obstacle(among: powers) == nil)
            }
        }
    }

    @Test("one heavy replica between light ones never leads three views in a row, but as often as it weighs it does")
    func heavy() throws {
        let powers: [UInt64] = [1, 1, 1, 10]
        let obstacle = try #require(Self.parameters(.standard, .threeChain, .everyone).obstacle(among: powers))
        #expect(obstacle.remedies == [.tenure(3)])
        #expect(Self.parameters(.roundRobin(tenure: 3), .threeChain, .everyone).obstacle(among: powers) == nil)
        #expect(Self.parameters(.weighted, .threeChain, .everyone).obstacle(among: powers) == nil)
        #expect(Self.parameters(.reputation, .threeChain, .everyone).obstacle(among: powers) == nil)
        // Alone among those who are gone, it never has two views in a row from which a reputation could be told.
        let alone = try #require(Self.parameters(.reputation, .threeChain, .nextLeader).obstacle(among: powers))
        #expect(alone.reason == .shortRows(replicas: 4, down: 3, needed: 2, sure: 1))
        #expect(alone.remedies == [.votesToEveryone, .tenure(4)])
    }

    @Test("reputations that are forgotten soon are not enough for votes to the next leader, nor tenures that are cut")
    func shortMemory() throws {
        for election in [LeaderElectionRule.reputation, .roundRobin(tenure: 4)] {
            let parameters = Self.parameters(election, .twoChain, .nextLeader, interval: 31)
            let obstacle = try #require(parameters.obstacle(among: Self.equal(4)))
            #expect(obstacle.reason == .shortMemory(blocks: 32))
            #expect(obstacle.remedies.contains(.votesToEveryone) && obstacle.remedies.contains(.snapshotInterval(32)))
            #expect(
                Self.parameters(election, .twoChain, .nextLeader, interval: 32).obstacle(among: Self.equal(4)) == nil
            )
        }
    }

    /// The views that are certified while some are dead.
    private func certified(_ parameters: ChainParameters, _ powers: [UInt64], dead: Set<Int>, views: UInt64) -> [UInt64]
    {
        let world = World(powers.count, powers: powers, parameters: parameters)
        let schedule = world.schedule
        var history = LeaderHistory(beginningIn: .genesis)
        var certified: [UInt64] = []
        for view in 1...views {
            guard let leader = schedule.leader(of: View(view), after: history), !dead.contains(leader.index) else {
                continue
            }
            var draft = HeaderDraft(
                chain: world.committee.chain,
                view: View(view),
                height: Height(UInt64(certified.count) + 1),
                parent: .zero,
                justifyView: history.view,
                proposer: leader,
                payloadDigest: .zero,
                executed: .genesis,
                time: Timestamp(0)
            )
            draft.epoch = .first
            let next = schedule.history(history, with: draft.header)
            if parameters.voteRouting == .nextLeader {
                let collector = schedule.leader(of: View(view + 1), after: next)
                guard let collector, !dead.contains(collector.index) else { continue }
            }
            history = next
            certified.append(view)
        }
        return certified
    }

    /// The longest row of consecutive views among some.
    private func longestRow(_ views: [UInt64]) -> UInt64 {
        var (longest, row, last): (UInt64, UInt64, UInt64) = (0, 0, 0)
        for view in views {
            row = view == last + 1 ? row + 1 : 1
            longest = max(longest, row)
            last = view
        }
        return longest
    }

    /// All sets of replicas whose power is no more than may be down, and to which none can be added.
    private func deadSets(_ powers: [UInt64]) -> [Set<Int>] {
        let total = powers.reduce(0, +)
        let spare = total - (total * 2 / 3 + 1)
        return (1..<(1 << powers.count)).compactMap { bits in
            let dead = Set(powers.indices.filter { bits >> $0 & 1 == 1 })
            let power = dead.reduce(0) { $0 + powers[$1] }
            let others = powers.indices.filter { !dead.contains($0) }
            return power <= spare && others.allSatisfy { power + powers[$0] > spare } ? dead : nil
        }
    }

    @Test(
        "what is no obstacle commits again and again, whoever is down",
        arguments: [equal(4), equal(5), equal(7), [1, 1, 1, 10], [3, 1, 2, 1, 4], [1, 2, 3, 4, 5, 6]]
    )
    func commits(powers: [UInt64]) {
        let elections: [LeaderElectionRule] = [
            .standard, .roundRobin(tenure: 2), .roundRobin(tenure: 3), .weighted, .reputation,
        ]
        let sets = deadSets(powers)
        for election in elections {
            for rule in CommitRule.allCases {
                for routing in VoteRouting.allCases {
                    for interval in [8 * UInt64(powers.count), 1_000_000] {
                        let parameters = Self.parameters(election, rule, routing, interval: interval)
                        guard parameters.obstacle(among: powers) == nil else { continue }
                        for dead in sets {
                            let period = 10 * UInt64(powers.count) + powers.reduce(0, +)
                            let views = certified(parameters, powers, dead: dead, views: 3 * period)
                            for part in 0..<3 as Range<UInt64> {
                                let row = longestRow(views.filter { $0 / period == part })
                                #expect(
                                    row > rule.depth,
                                    "\(powers) \(election) \(rule) \(routing) every \(interval), dead \(dead.sorted())"
                                )
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("what is refused of replicas in turn never commits if the wrong ones are down", arguments: [4, 7, 10])
    func refusedRightly(count: Int) {
        let parameters = Self.parameters(.standard, .threeChain, .nextLeader)
        #expect(parameters.obstacle(among: Self.equal(count)) != nil)
        let stuck = deadSets(Self.equal(count)).filter {
            longestRow(certified(parameters, Self.equal(count), dead: $0, views: 200)) <= parameters.commitRule.depth
        }
        #expect(!stuck.isEmpty)
    }

    @Test("where votes go to the next leader, those before one that is gone are not passed over for it")
    func blame() {
        let parameters = Self.parameters(.reputation, .twoChain, .nextLeader)
        let world = World(7, parameters: parameters)
        var chain = LedChain(Reputation(), world: world)
        for view in 1...2 as ClosedRange<UInt64> { chain.run(view) }
        // View 3 is lost with replica 4, who should have collected its votes; view 5 is led.
        chain.add(5, by: ReplicaID(5))
        #expect(chain.history.failures.map(\.leader) == [ReplicaID(4)])
        // One failed view is that of its leader.
        chain.add(7, by: ReplicaID(0))
        #expect(chain.history.failures.map(\.leader) == [ReplicaID(6), ReplicaID(4)])
    }
}
