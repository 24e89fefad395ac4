internal import HotStuff

/// The note in a data directory of the last batch of the journal that is known to be durable.
///
/// A batch at the end of a journal that is not whole may be the torn end of a write, which nobody was told of, or rot in what was
/// sent long ago. The batch behind it would tell; behind the last one only this note does. It is written when a batch is
/// durable, and itself never synced: it reaches the disk some time later, and never before what it tells of. Where it is missing
/// or damaged nothing is known, so one fault alone, rot or a crash, deceives nobody.
struct DurableMark: Equatable {
    /// The segment of the batch.
    let segment: UInt64
    /// The number of the batch.
    let sequence: UInt64

    /// The file, beside the journal's segments.
    static let name = "durable"

    /// Whether a batch of this number, and so all before it, was durable once.
    func covers(_ sequence: UInt64, in segment: UInt64) -> Bool {
        self.segment > segment || self.segment == segment && self.sequence >= sequence
    }

    private static func sum(segment: UInt64, sequence: UInt64, _ salt: JournalSalt) -> Digest {
        let nothing: [UInt8] = []
        return JournalSeal(salt, segment: segment).sum(of: .durableMark, at: sequence, nothing.span.bytes)
    }

    /// The note of a directory; nil unless this journal wrote it.
    static func read(on disk: some Disk, of salt: JournalSalt) throws(DiskError) -> DurableMark? {
        let length = 16 + Digest.byteCount
        guard let bytes = try disk.smallFile(name, maximum: length), bytes.count == length else { return nil }
        var decoder = BorshDecoder(bytes)
        guard let segment = try? decoder.readUInt64(), let sequence = try? decoder.readUInt64(),
            let sum = try? Digest(from: &decoder), sum == self.sum(segment: segment, sequence: sequence, salt)
        else { return nil }
        return DurableMark(segment: segment, sequence: sequence)
    }

    /// The bytes of the file.
    func bytes(of salt: JournalSalt) -> [UInt8] {
        var encoder = BorshEncoder()
        encoder.append(segment)
        encoder.append(sequence)
        encoder.append(Self.sum(segment: segment, sequence: sequence, salt))
        return encoder.bytes
    }
}

extension Journal {
    /// Notes that all that was appended is durable, so that rot in the last batch will not pass for a torn end.
    ///
    /// To be called when nothing else waits to be written: the next batch says the same. It does nothing where batches are not
    /// synced, or where this is noted already. That the note cannot be written is no failure: then nothing is known.
    public mutating func noteDurable() {
        guard configuration.durability == .powerLoss, failure == nil, sequence > 1 else { return }
        let mark = DurableMark(segment: header.number, sequence: sequence - 1)
        guard mark != noted else { return }
        let bytes = mark.bytes(of: header.salt)
        do {
            if noteFile == nil { noteFile = try reader.handles.disk.open(DurableMark.name, .createIfMissing) }
            try noteFile?.write(bytes.span.bytes, at: 0)
            noted = mark
        } catch {
            noteFile = nil
        }
    }
}
