internal import FuzzKit
internal import HotStuff
internal import HotStuffStorage

extension Trial {
    private static let name = "journal-0000000001"
    private static let identity = JournalIdentity(chain: Digest.hash(of: [1]), owner: Digest.hash(of: [2]))
    private static let configuration = JournalConfiguration(durability: .powerLoss, maximumBatchBytes: 1 << 16)

    /// Opens a journal that is the input as it stands, or a sound one with edits of the input.
    ///
    /// It opens or is refused with a reason. If it opens, what it holds is a beginning of what was written; and it can be
    /// written on, and then holds that as well.
    static func journal(_ input: inout ByteReader) {
        guard input.byte() & 3 != 0 else {
            check(input.remainder(), written: nil, isAltered: true)
            return
        }
        var generator = SeededGenerator(seed: 1)
        let disk = MemoryDisk("nothing", [])
        var written: [[UInt8]] = []
        do {
            var journal = try Journal.open(
                on: disk,
                identity: identity,
                configuration: configuration,
                salt: JournalSalt(using: &generator)
            ) { (_, _) throws(JournalRecordRejection) in }
            for _ in 0..<input.number(below: 6) {
                let batch = (0...input.number(below: 4)).map { _ in input.bytes(input.number(below: 40)) }
                _ = try journal.append(batch)
                written += batch
            }
        } catch {
            fail("a new journal does not work: \(error)")
        }
        var bytes = disk.content(name)
        let sound = bytes
        while !input.isEmpty {
            switch input.byte() % 4 {
            case 0: bytes[input.number(below: bytes.count)] ^= input.byte()
            case 1: bytes.removeLast(min(bytes.count - 1, input.number(below: 64)))
            case 2: bytes += input.bytes(input.number(below: 16))
            default:
                let (from, to) = (input.number(below: bytes.count), input.number(below: bytes.count))
                bytes[to] = bytes[from]
            }
        }
        check(bytes, written: written, isAltered: bytes != sound)
    }

    private static func check(_ bytes: [UInt8], written: [[UInt8]]?, isAltered: Bool) {
        let disk = MemoryDisk(name, bytes)
        guard let found = records(on: disk, appending: [[7, 7], []]) else {
            require(isAltered, "a sound journal is refused")
            return
        }
        if let written {
            require(written.starts(with: found), "a journal holds what was not written")
            require(isAltered || found.count == written.count, "a sound journal lost records")
        }
        guard let again = records(on: disk, appending: []) else { fail("a journal that was opened is refused later") }
        require(again == found + [[7, 7], []], "a journal that was opened does not hold what was appended")
    }

    /// What a journal holds, when it opens; some records are then appended.
    private static func records(on disk: MemoryDisk, appending new: [[UInt8]]) -> [[UInt8]]? {
        var records: [[UInt8]] = []
        do {
            var journal = try Journal.open(on: disk, identity: identity, configuration: configuration) {
                (_, payload) throws(JournalRecordRejection) in records.append(payload)
            }
            _ = try journal.append(new)
            return records
        } catch {
            return nil
        }
    }
}
