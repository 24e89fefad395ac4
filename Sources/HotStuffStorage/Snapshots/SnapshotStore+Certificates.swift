public import HotStuff

extension SnapshotStore {
    /// Keeps the certificate of a snapshot beside it, for peers that ask; it goes with the snapshot.
    public func keep(_ certificate: SnapshotCertificate) throws(SnapshotStoreError) {
        let finalName = SnapshotFile.name(of: certificate.point.height) + SnapshotFile.certificateSuffix
        let name = finalName + SnapshotFile.writingSuffix
        let bytes = certificate.encoded + Domain.snapshotFile.digest(of: certificate).bytes
        let disk = disk
        let file = try onSnapshotDisk { () throws(DiskError) in
            let file = try disk.open(name, .createEmpty)
            try file.write(bytes.span.bytes, at: 0)
            return file
        }
        try publish(name, file, as: finalName)
    }

    /// The certificate that was kept for a snapshot; nil if there is none, or it is damaged.
    public func certificate(of height: Height) throws(SnapshotStoreError) -> SnapshotCertificate? {
        let name = SnapshotFile.name(of: height) + SnapshotFile.certificateSuffix
        let disk = disk
        let bytes = try onSnapshotDisk { () throws(DiskError) -> [UInt8] in
            guard try disk.exists(name) else { return [] }
            let file = try disk.open(name, .existing)
            // No certificate is longer than a frame, so no more memory is taken than one is worth.
            let count = min(try file.size(), UInt64(Frame.maximumByteCount))
            var bytes = [UInt8](repeating: 0, count: Int(count))
            var span = bytes.mutableSpan
            var buffer = span.mutableBytes
            _ = try file.read(into: &buffer, at: 0)
            return bytes
        }
        var decoder = BorshDecoder(bytes)
        guard let certificate = try? decoder.read(SnapshotCertificate.self),
            let checksum = try? decoder.read(Digest.self), decoder.remaining == 0,
            checksum == Domain.snapshotFile.digest(of: certificate), certificate.point.height == height
        else { return nil }
        return certificate
    }
}
