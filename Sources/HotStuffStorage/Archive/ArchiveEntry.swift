internal import HotStuff

/// A block with the certificate that proves it final, if one was stored with it.
struct ArchiveEntry: Sendable {
    let block: Block
    let certificate: QuorumCertificate?

    /// The bytes behind the head; nil if they are too many for an entry.
    var body: [UInt8]? {
        var encoder = BorshEncoder(capacity: 16 << 10)
        encoder.append(block)
        if let certificate { encoder.append(certificate) }
        return encoder.byteCount <= ArchiveEntryHead.maximumLength ? encoder.finish() : nil
    }

    /// The head of this entry at some offset, before its body.
    func head(
        of body: [UInt8],
        synced: Height,
        at offset: UInt64,
        in place: ArchivePlace,
        _ seal: ArchiveSeal
    ) -> ArchiveEntryHead {
        ArchiveEntryHead(
            length: UInt32(body.count),
            hasCertificate: certificate != nil,
            height: block.height,
            synced: synced,
            block: block.id,
            bodySum: seal.sum(of: place.body, at: offset, body)
        )
    }

    /// Reads what follows a head; nil unless it is, to the byte, what the head says.
    init?(_ body: [UInt8], of head: ArchiveEntryHead, at offset: UInt64, in place: ArchivePlace, _ seal: ArchiveSeal) {
        guard body.count == Int(head.length), head.bodySum == seal.sum(of: place.body, at: offset, body) else {
            return nil
        }
        var decoder = BorshDecoder(body)
        do {
            block = try decoder.read()
            certificate = head.hasCertificate ? try decoder.read() : nil
            try decoder.finish()
        } catch {
            return nil
        }
        guard block.id == head.block, block.height == head.height else { return nil }
    }

    init(block: Block, certificate: QuorumCertificate?) {
        self.block = block
        self.certificate = certificate
    }
}
