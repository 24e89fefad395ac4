internal import HotStuff

/// The search for the block of one height and for a certificate that makes it final, among blocks and certificates as they come.
struct FinalitySearch {
    /// How far above the height it looks.
    static let reach = UInt64(FinalityProof.maximumSearch)

    let height: Height
    /// The blocks of that height, by name.
    private(set) var candidates: [Digest: Block] = [:]
    /// What makes one of them final, and which.
    private(set) var found: (block: Digest, certificate: QuorumCertificate)?
    /// The parents of the blocks at and above the height.
    private var parents: [Digest: (parent: Digest, height: Height)] = [:]
    /// Certificates of blocks that have not come.
    private var early: [QuorumCertificate] = []

    init(of height: Height) { self.height = height }

    /// Whether nothing more is to be learned at a height.
    func isOver(at height: Height) -> Bool {
        found != nil && !candidates.isEmpty || height.rawValue > self.height.rawValue &+ Self.reach
    }

    /// Takes a block, and the certificate in it.
    mutating func see(_ block: Block) {
        guard block.height >= height, block.height.rawValue - height.rawValue <= Self.reach else { return }
        if block.height == height { candidates[block.id] = block }
        parents[block.id] = (block.header.parent, block.height)
        see(block.justify)
        if let certificate = early.first(where: { $0.statement.commits == block.id }) { see(certificate) }
    }

    /// Takes a certificate.
    mutating func see(_ certificate: QuorumCertificate) {
        guard found == nil, let final = certificate.statement.commits, certificate.statement.height > height else {
            return
        }
        var name = final
        while let link = parents[name], link.height > height { name = link.parent }
        if parents[name]?.height == height {
            found = (name, certificate)
        } else if early.count < 64 {
            early.append(certificate)
        }
    }
}
