public import HotStuff

extension SnapshotStore {
    /// Keeps the certificate of a snapshot beside it, for peers that ask; it goes with the snapshot.
    public func keep(_ certificate: SnapshotCertificate) throws(SnapshotStoreError) {
        try keep(certificate, of: certificate.point.height, as: SnapshotFile.certificateSuffix)
    }

    /// The certificate that was kept for a snapshot; nil if there is none, or it is damaged.
    public func certificate(of height: Height) throws(SnapshotStoreError) -> SnapshotCertificate? {
        let kept: SnapshotCertificate? = try companion(of: height, as: SnapshotFile.certificateSuffix)
        return kept.flatMap { $0.point.height == height ? $0 : nil }
    }

    /// Keeps certificates of the snapshots that have none, by the blocks of an archive: a replica may have stopped before it did.
    ///
    /// A snapshot whose block the archive does not have is offered to nobody, and needs none: such is the one with which a chain begins
    /// that goes on from another one.
    ///
    /// - Parameters:
    ///   - archive: the final blocks.
    ///   - trail: the steps of execution, from a snapshot on.
    /// - Returns: the heights of the snapshots that have none yet.
    /// - Throws: how the disk failed.
    public func certifySnapshots(
        from archive: BlockArchiveReader<Storage>,
        trail: ExecutionTrail
    ) throws(SnapshotStoreError) -> [Height] {
        var uncertified: [Height] = []
        let first = archive.firstHeight
        for height in try heights() where height >= first {
            guard try certificate(of: height) == nil else { continue }
            if let made = Self.certificate(of: height, from: archive, trail: trail) {
                try keep(made)
            } else {
                uncertified.append(height)
            }
        }
        return uncertified
    }

    /// How far above a snapshot a header that names its height, or a later one, is looked for: twice as far as execution may lag.
    private static var claimDistance: Int { 1_024 }

    /// A certificate made of the first header that names a height, or a later one; nothing if there is none in the archive.
    private static func certificate(
        of height: Height,
        from archive: BlockArchiveReader<Storage>,
        trail: ExecutionTrail
    ) -> SnapshotCertificate? {
        var next = height.next
        for _ in 0..<claimDistance {
            guard let current = next, current <= archive.height, let block = try? archive.block(at: current) else {
                return nil
            }
            next = current.next
            guard block.header.executed.height >= height else { continue }
            guard let proof = try? archive.finality(of: current), let header = proof.path.last?.header,
                let steps = trail.proof(of: height, through: header.executed.height)
            else { return nil }
            return SnapshotCertificate(proof: steps, header: header, finality: proof.certificate)
        }
        return nil
    }

    /// Keeps the final blocks from that of a snapshot on, with their proof: who starts from a snapshot of others has no block at all.
    func keep(_ foundation: BlockRange, of height: Height) throws(SnapshotStoreError) {
        try keep(foundation, of: height, as: SnapshotFile.foundationSuffix)
    }

    /// The final blocks that were kept for a snapshot; nil if there are none, or they are damaged.
    func foundation(of height: Height) throws(SnapshotStoreError) -> BlockRange? {
        let kept: BlockRange? = try companion(of: height, as: SnapshotFile.foundationSuffix)
        return kept.flatMap { $0.blocks.first?.height == height ? $0 : nil }
    }

    /// Whether a snapshot was taken from others: then final blocks were kept for it.
    func isTaken(_ height: Height) throws(SnapshotStoreError) -> Bool {
        let (disk, name) = (disk, SnapshotFile.name(of: height) + SnapshotFile.foundationSuffix)
        return try onSnapshotDisk { () throws(DiskError) in try disk.exists(name) }
    }

    private func keep(
        _ value: some BorshEncodable,
        of height: Height,
        as suffix: String
    ) throws(SnapshotStoreError) {
        let finalName = SnapshotFile.name(of: height) + suffix
        let name = finalName + SnapshotFile.writingSuffix
        let bytes = value.encoded + Domain.snapshotFile.digest(of: value).bytes
        let disk = disk
        let file = try onSnapshotDisk { () throws(DiskError) in
            let file = try disk.open(name, .createEmpty)
            try file.write(bytes.span.bytes, at: 0)
            return file
        }
        try publish(name, file, as: finalName)
    }

    private func companion<Value: BorshCodable>(
        of height: Height,
        as suffix: String
    ) throws(SnapshotStoreError) -> Value? {
        let name = SnapshotFile.name(of: height) + suffix
        let disk = disk
        let bytes = try onSnapshotDisk { () throws(DiskError) -> [UInt8] in
            guard try disk.exists(name) else { return [] }
            let file = try disk.open(name, .existing)
            // None is longer than a frame, so no more memory is taken than one is worth.
            let count = min(try file.size(), UInt64(Frame.maximumByteCount))
            var bytes = [UInt8](repeating: 0, count: Int(count))
            var span = bytes.mutableSpan
            var buffer = span.mutableBytes
            _ = try file.read(into: &buffer, at: 0)
            return bytes
        }
        var decoder = BorshDecoder(bytes)
        guard let value = try? decoder.read(Value.self), let checksum = try? decoder.read(Digest.self),
            decoder.remaining == 0, checksum == Domain.snapshotFile.digest(of: value)
        else { return nil }
        return value
    }
}
