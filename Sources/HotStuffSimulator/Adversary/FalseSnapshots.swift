internal import HotStuff

/// What a liar says of its snapshots.
enum FalseSnapshots {
    /// Something else than the truth; nil for silence.
    static func untrue(_ answer: SnapshotAnswer, as liar: inout Liar) -> SnapshotAnswer? {
        switch answer {
        case .nothing: return answer
        case .chunk(let chunk): return untrue(chunk, as: &liar)
        case .outline(let outline): return untrue(outline, as: &liar)
        case .offer(let offer): return untrue(offer, as: &liar)
        }
    }

    private static func untrue(_ chunk: SnapshotChunk, as liar: inout Liar) -> SnapshotAnswer? {
        var bytes = chunk.bytes
        switch liar.random.below(5) {
        case 0: return nil
        case 1: return .nothing(.chunk(chunk.name, chunk.index))
        case 2: bytes = Array(bytes.dropLast())
        case 3: bytes = liar.random.bytes(fewerThan: 100)
        default: if !bytes.isEmpty { bytes[liar.random.below(bytes.count)] ^= 1 << UInt8(liar.random.below(8)) }
        }
        return .chunk(SnapshotChunk(name: chunk.name, index: chunk.index, bytes: bytes))
    }

    private static func untrue(_ outline: SnapshotOutline, as liar: inout Liar) -> SnapshotAnswer? {
        switch liar.random.below(4) {
        case 0: return nil
        case 1: return .nothing(.outline(outline.name))
        case 2:
            return .outline(
                SnapshotOutline(
                    name: outline.name,
                    digests: outline.digests.map { _ in Digest.hash(of: [9]) },
                    foundation: outline.foundation
                )
            )
        default:
            let nothing = BlockRange(nothingAbove: outline.foundation.above)
            return .outline(SnapshotOutline(name: outline.name, digests: outline.digests, foundation: nothing))
        }
    }

    private static func untrue(_ offer: SnapshotOffer, as liar: inout Liar) -> SnapshotAnswer? {
        let point = offer.manifest.point
        switch liar.random.below(7) {
        case 0: return nil
        case 1: return .nothing(.offer(above: .genesis))
        case 2:
            // A state of its own.
            let own = SnapshotPoint(height: point.height, before: point.before, root: Digest.hash(of: [8]))
            return .offer(
                SnapshotOffer(
                    manifest: manifest(own, like: offer),
                    certificate: certificate(
                        own,
                        offer.certificate.proof.steps,
                        offer.certificate.finality,
                        like: offer
                    )
                )
            )
        case 3:
            // A height that nobody has reached.
            let high = SnapshotPoint(height: Height(point.height.rawValue &* 4), before: point.before, root: point.root)
            return .offer(
                SnapshotOffer(
                    manifest: manifest(high, like: offer),
                    certificate: certificate(high, [], offer.certificate.finality, like: offer)
                )
            )
        case 4:
            // Signed by nobody.
            let unsigned = QuorumCertificate(statement: offer.certificate.finality.statement, signatures: .empty)
            return .offer(
                SnapshotOffer(
                    manifest: offer.manifest,
                    certificate: certificate(point, offer.certificate.proof.steps, unsigned, like: offer)
                )
            )
        case 5:
            // With a step too few.
            let steps = Array(offer.certificate.proof.steps.dropLast())
            return .offer(
                SnapshotOffer(
                    manifest: offer.manifest,
                    certificate: certificate(point, steps, offer.certificate.finality, like: offer)
                )
            )
        default:
            // True but for its length, which only the outline shows.
            let header = offer.certificate.header
            guard header.height == point.height else { return nil }
            return .offer(
                SnapshotOffer(
                    manifest: SnapshotManifest(of: header, point: point, byteCount: offer.manifest.byteCount &+ 1),
                    certificate: offer.certificate
                )
            )
        }
    }

    /// A manifest of another point; of its header only the height is known.
    private static func manifest(_ point: SnapshotPoint, like offer: SnapshotOffer) -> SnapshotManifest {
        let header = offer.certificate.header
        let block = BlockHeader(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            height: point.height,
            parent: header.parent,
            justifyView: header.justifyView,
            proposer: header.proposer,
            payloadDigest: header.payloadDigest,
            executed: header.executed,
            time: header.time
        )
        return SnapshotManifest(of: block, point: point, byteCount: offer.manifest.byteCount)
    }

    private static func certificate(
        _ point: SnapshotPoint,
        _ steps: [ExecutionStep],
        _ finality: QuorumCertificate,
        like offer: SnapshotOffer
    ) -> SnapshotCertificate {
        SnapshotCertificate(
            proof: StateProof(point: point, steps: steps),
            header: offer.certificate.header,
            finality: finality
        )
    }
}
