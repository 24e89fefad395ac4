/// The ways to lie, by name.
package enum StrategyName: String, CaseIterable, Sendable {
    // To say less, or later.
    case silent, withholding, justInTime, hoarding, withheldBlocks
    // To say two things.
    case twoFaces, manyCoats, votesTwice, votesForAll, secondSignatures
    // To say what is old.
    case replays, staleCertificates, tailForks, forks
    // To say what is wrong.
    case wrongHeights, wrongLinks, wrongWorlds, wrongClaims, wrongTimes, wrongPayloads, wrongSignatures
    case forgedCertificates, forgedTimeouts, hugeViews, usurpation, hurry
    case falseEchoes
    // To say too much, or nothing that has a meaning.
    case garbage, floods, falseLibrarian, oddRequests, oddCommands, falseReplies
    // To lie only when it matters.
    case mixed
    // To lie about work, where that elects leaders.
    case falseWork

    /// Those that are drawn whatever elects leaders.
    static let common = allCases.filter { $0 != .falseWork }

    /// A fresh liar's value of the strategy.
    var strategy: any Strategy {
        switch self {
        case .silent: Silence()
        case .withholding: Withholding()
        case .justInTime: JustInTime()
        case .hoarding: Hoarding()
        case .withheldBlocks: WithheldBlocks()
        case .twoFaces: TwoFaces()
        case .manyCoats: ManyCoats()
        case .votesTwice: VotesTwice()
        case .votesForAll: VotesForAll()
        case .secondSignatures: SecondSignatures()
        case .replays: Replays()
        case .staleCertificates: StaleCertificates()
        case .tailForks: Forks(depth: .parent)
        case .forks: Forks(depth: .anywhere)
        case .wrongHeights: WrongHeaders(field: .height)
        case .wrongLinks: WrongHeaders(field: .link)
        case .wrongWorlds: WrongHeaders(field: .world)
        case .wrongClaims: WrongHeaders(field: .claim)
        case .wrongTimes: WrongHeaders(field: .time)
        case .wrongPayloads: WrongPayloads()
        case .wrongSignatures: WrongSignatures()
        case .forgedCertificates: ForgedCertificates()
        case .forgedTimeouts: ForgedTimeouts()
        case .hugeViews: HugeViews()
        case .usurpation: Usurpation()
        case .hurry: Hurry()
        case .falseEchoes: FalseEchoes()
        case .falseWork: FalseWork()
        case .garbage: Garbage()
        case .floods: Floods()
        case .falseLibrarian: FalseLibrarian()
        case .oddRequests: OddRequests()
        case .oddCommands: OddCommands()
        case .falseReplies: FalseReplies()
        case .mixed: Mixed()
        }
    }
}
