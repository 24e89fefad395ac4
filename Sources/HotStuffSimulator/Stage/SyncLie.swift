internal import HotStuff

/// How a liar of a scenario answers one who asks for blocks or for a snapshot.
enum SyncLie: String {
    /// As it is.
    case truth
    /// That it has nothing.
    case nothing

    // Of blocks:
    /// Each said to be one higher than it is.
    case height
    /// Without one in the middle.
    case gap
    /// Another one for the first, which the next does not name.
    case fork
    /// The true headers, one with other commands.
    case commands
    /// The same blocks again and again, as many as a message may hold.
    case endless
    /// Proved by a certificate that nobody signed.
    case unsigned
    /// Proved by a certificate that is good, for something else.
    case other

    // Of snapshots (and `unsigned`):
    /// Another state than that of the chain.
    case root
    /// A height that nobody has reached.
    case far
    /// One step of the proof is missing.
    case steps
    /// Another length, which is proved by nothing but the outline.
    case length
    /// Other chunks.
    case digests
    /// No blocks on which to go on.
    case foundation
    /// One bit of a chunk is another.
    case bytes
    /// The last byte of a chunk is missing.
    case short

    /// Bends a true answer.
    ///
    /// - Parameters:
    ///   - answer: what an honest replica would say.
    ///   - other: a certificate that is good, for something else.
    ///   - header: that of the block behind which the snapshot is that is offered, if one is.
    /// - Returns: what the liar says; nil if this is no lie about that.
    func bend(_ answer: Message, with other: QuorumCertificate, behind header: BlockHeader?) -> Message? {
        switch answer {
        case .blockResponse(let response): bend(response).map { .blockResponse($0) }
        case .blockRange(let range): bend(range, with: other).map { .blockRange($0) }
        case .snapshotAnswer(.offer(let offer)):
            header.flatMap { bend(offer, behind: $0) }.map { .snapshotAnswer($0) }
        case .snapshotAnswer(.outline(let outline)): bend(outline).map { .snapshotAnswer($0) }
        case .snapshotAnswer(.chunk(let chunk)): bend(chunk).map { .snapshotAnswer($0) }
        default: self == .truth || self == .nothing ? answer : nil
        }
    }

    private func bend(_ response: BlockResponse) -> BlockResponse? {
        var blocks = response.blocks
        guard let last = blocks.last else { return self == .truth || self == .nothing ? response : nil }
        switch self {
        case .truth: break
        case .nothing: blocks = []
        case .height:
            blocks = blocks.map { Block(header: $0.header.oneHigher, payload: $0.payload, justify: $0.justify) }
        case .gap: blocks.remove(at: blocks.count / 2)
        case .fork:
            blocks[0] = Block(header: blocks[0].header.other, payload: blocks[0].payload, justify: blocks[0].justify)
        case .commands:
            blocks[blocks.count - 1] = Block(header: last.header, payload: last.payload.other, justify: last.justify)
        case .endless: blocks = Array(repeating: last, count: BlockRequest.maximumBlockCount)
        case .unsigned, .other, .root, .far, .steps, .length, .digests, .foundation, .bytes, .short: return nil
        }
        return BlockResponse(target: response.target, blocks: blocks)
    }

    private func bend(_ range: BlockRange, with other: QuorumCertificate) -> BlockRange? {
        guard var certificate = range.certificate else { return self == .truth || self == .nothing ? range : nil }
        var blocks = range.blocks
        let place = blocks.count / 2
        switch self {
        case .truth: break
        case .nothing: return BlockRange(nothingAbove: range.above)
        case .height: blocks = blocks.map { Block(bare: $0.header.oneHigher, payload: $0.payload) }
        case .gap: blocks.remove(at: place)
        case .fork: blocks[0] = Block(bare: blocks[0].header.other, payload: blocks[0].payload)
        case .commands: blocks[place] = Block(bare: blocks[place].header, payload: blocks[place].payload.other)
        case .endless: blocks = (0..<BlockRange.maximumBlockCount).map { range.blocks[$0 % range.blocks.count] }
        case .unsigned: certificate = certificate.unsigned
        case .other: certificate = other
        case .root, .far, .steps, .length, .digests, .foundation, .bytes, .short: return nil
        }
        return BlockRange(above: range.above, blocks: blocks, certificate: certificate)
    }

    private func bend(_ offer: SnapshotOffer, behind header: BlockHeader) -> SnapshotAnswer? {
        var point = offer.manifest.point
        var byteCount = offer.manifest.byteCount
        var steps = offer.certificate.proof.steps
        var finality = offer.certificate.finality
        switch self {
        case .truth: return .offer(offer)
        case .nothing: return .nothing(.offer(above: .genesis))
        case .root: point = SnapshotPoint(height: point.height, before: point.before, root: Digest.hash(of: [8]))
        case .far:
            let height = Height(point.height.rawValue * 4)
            point = SnapshotPoint(height: height, before: point.before, root: point.root)
        case .steps: steps = steps.dropLast()
        case .unsigned: finality = finality.unsigned
        case .length: byteCount += 1
        case .height, .gap, .fork, .commands, .endless, .other, .digests, .foundation, .bytes, .short: return nil
        }
        let block = header.with { $0.height = point.height }
        return .offer(
            SnapshotOffer(
                manifest: SnapshotManifest(of: block, point: point, byteCount: byteCount),
                certificate: SnapshotCertificate(
                    proof: StateProof(point: point, steps: steps),
                    header: offer.certificate.header,
                    finality: finality
                )
            )
        )
    }

    private func bend(_ outline: SnapshotOutline) -> SnapshotAnswer? {
        var (digests, foundation) = (outline.digests, outline.foundation)
        switch self {
        case .truth: break
        case .nothing: return .nothing(.outline(outline.name))
        case .digests: digests = digests.map { _ in Digest.hash(of: [9]) }
        case .foundation: foundation = BlockRange(nothingAbove: foundation.above)
        case .height, .gap, .fork, .commands, .endless, .unsigned, .other, .root, .far, .steps, .length, .bytes, .short:
            return nil
        }
        return .outline(SnapshotOutline(name: outline.name, digests: digests, foundation: foundation))
    }

    private func bend(_ chunk: SnapshotChunk) -> SnapshotAnswer? {
        var bytes = chunk.bytes
        switch self {
        case .truth: break
        case .nothing: return .nothing(.chunk(chunk.name, chunk.index))
        case .bytes: if !bytes.isEmpty { bytes[bytes.count / 2] ^= 1 }
        case .short: bytes = bytes.dropLast()
        case .height, .gap, .fork, .commands, .endless, .unsigned, .other, .root, .far, .steps, .length, .digests,
            .foundation:
            return nil
        }
        return .chunk(SnapshotChunk(name: chunk.name, index: chunk.index, bytes: bytes))
    }
}

extension BlockHeader {
    /// The same header, said to be one higher.
    fileprivate var oneHigher: BlockHeader { with { $0.height = Height($0.height.rawValue + 1) } }

    /// A header of the same place with another time.
    fileprivate var other: BlockHeader { with { $0.time = Timestamp($0.time.rawValue + 1) } }
}

extension Payload {
    /// Commands that these are not.
    fileprivate var other: Payload { isEmpty ? Payload([.openSession(nonce: 1 << 62)]) : .empty }
}

extension QuorumCertificate {
    /// What the certificate says, signed by nobody.
    fileprivate var unsigned: QuorumCertificate { QuorumCertificate(statement: statement, signatures: .empty) }
}
