package import HotStuff

/// The one chain: who commits what, on what evidence, and whether each block follows from the one before.
package struct ChainCheck {
    private let world: SimulatedWorld
    private let certificates: CertificateCheck
    /// The final blocks by height; the genesis is at 0.
    private var blocks: [Block]
    private var oracle: LeaderOracle
    /// How far each replica has committed since its last start.
    private var heads: [Height]

    init(world: SimulatedWorld) {
        self.world = world
        certificates = CertificateCheck(world: world)
        blocks = [world.committee.genesis]
        oracle = LeaderOracle(world: world)
        heads = Array(repeating: .genesis, count: world.count)
    }

    /// The height of the highest block that is final anywhere.
    package var height: Height { Height(UInt64(blocks.count - 1)) }

    /// The proposers of the final blocks above a height, from the lowest on.
    package func proposers(above height: Height) -> [ReplicaID] {
        blocks.dropFirst(Int(height.rawValue) + 1).map(\.header.proposer)
    }

    /// Whether a final block of a height has this name; false where none is final.
    func contains(_ block: Digest, at height: Height) -> Bool { finalBlock(at: height)?.id == block }

    /// The final block of a height.
    func finalBlock(at height: Height) -> Block? {
        height.rawValue < UInt64(blocks.count) ? blocks[Int(height.rawValue)] : nil
    }

    /// A block became final at a replica, by a certificate that names it or a descendant.
    mutating func committed(_ block: Block, by certificate: QuorumCertificate, at replica: ReplicaID) -> Violation? {
        let who = "replica \(replica) committed \(block.id.short) at height \(block.height)"
        guard block.height.follows(heads[replica.index]) else {
            return Violation(.agreement, "\(who) after height \(heads[replica.index])")
        }
        heads[replica.index] = block.height
        if let fault = certificates.fault(of: certificate) { return Violation(.evidence, "\(who): \(fault)") }
        guard certificate.statement.commits != nil else {
            return Violation(.evidence, "\(who) by a certificate that makes nothing final")
        }
        guard certificate.statement.height.rawValue >= block.height.rawValue + world.finalityDepth else {
            return Violation(.evidence, "\(who) by a certificate of height \(certificate.statement.height)")
        }
        if let known = finalBlock(at: block.height) {
            guard known.id == block.id else {
                return Violation(.agreement, "\(who), but \(known.id.short) is final there: a fork")
            }
            guard known.payload == block.payload else {
                return Violation(.agreement, "\(who) with other commands than others under the same name")
            }
        } else {
            if let fault = fault(of: block, on: blocks[blocks.count - 1]) {
                return Violation(.chain, "\(who): \(fault)")
            }
            blocks.append(block)
        }
        return nil
    }

    /// The last block that a certificate makes final in a step must be the one that it names; those before are its ancestors.
    ///
    /// It needs to know nothing that happened before.
    static func judge(_ step: Step) -> Violation? {
        var last: (block: Block, certificate: QuorumCertificate)?
        func fault() -> Violation? {
            guard let last, last.certificate.statement.commits != last.block.id else { return nil }
            return Violation(
                .evidence,
                "replica \(step.standing.replica) committed up to \(last.block.id.short) by a certificate that makes "
                    + "\(last.certificate.statement.commits?.short ?? "nothing") final"
            )
        }
        for effect in step.effects {
            guard case .commit(let block, let certificate, _) = effect else { continue }
            if let before = last, before.certificate.statement != certificate.statement, let fault = fault() {
                return fault
            }
            last = (block, certificate)
        }
        return fault()
    }

    /// A replica that started again found this block to be final.
    mutating func replayed(_ block: Digest, at height: Height, by replica: ReplicaID) -> Violation? {
        heads[replica.index] = height
        guard let known = finalBlock(at: height), known.id == block else {
            return Violation(
                .agreement,
                "replica \(replica) found \(block.short) final at height \(height), nobody else did"
            )
        }
        return nil
    }

    /// A replica starts again, from the beginning of its journal.
    mutating func restarts(_ replica: ReplicaID) { heads[replica.index] = .genesis }

    private mutating func fault(of block: Block, on parent: Block) -> String? {
        let header = block.header
        if header.id != block.id { return "its name is not that of its header" }
        if header.chain != world.committee.chain { return "it belongs to another chain" }
        if header.epoch != world.committee.epoch { return "it belongs to epoch \(header.epoch)" }
        if header.parent != parent.id { return "its parent is not the final block below: a fork" }
        if header.view <= parent.view { return "its view \(header.view) is not above its parent's \(parent.view)" }
        if header.justifyView != parent.view {
            return "it is justified in view \(header.justifyView), not its parent's"
        }
        // Every final block below has been looked at when it came.
        if oracle.admits(header, knowing: { $0 == parent.id ? parent.header : nil }) != true {
            return "replica \(header.proposer) does not lead its view"
        }
        if header.payloadDigest != block.payload.digest { return "its commands are not those of its header" }
        if header.nextValidatorSet != .zero { return "it names a validator set that no application computed" }
        if header.time < parent.header.time { return "its time goes back" }
        if header.executed.height < parent.header.executed.height { return "its executed height goes back" }
        if header.executed.height >= header.height { return "it claims to have executed itself" }
        return nil
    }
}
