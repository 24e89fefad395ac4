/// Two statements that one replica signed and must not have.
public indirect enum Evidence: Hashable, Sendable {
    /// Two votes of one view.
    case votes(Vote, Vote)
    /// Two proposals of one view.
    case proposals(Proposal, Proposal)
}
