/// A proposed block that waits for its parent, or for execution, before it can be judged.
struct ParkedBlock: Sendable {
    /// The block.
    let block: Verified<Block>
    /// The timeout certificate that its proposal showed.
    ///
    /// V4 judges the leader's and not our own, so that all who judge the block judge the same.
    let timeout: Verified<TimeoutCertificate>?
    /// Whether its proposer is known to lead.
    let isAdmitted: Bool
}
