public import HotStuff

/// The note beside a private key that it signs, for which chain, and with which data directory.
///
/// Whoever signs with a key must know what it signed before. That is in the data directory; without it nobody knows, and a replica
/// that begins anew might contradict itself. The note is written before anything is signed, after the journal has been made:
///
/// 1. no note: nothing was signed. The journal is made, then the identity of the data directory, then the note.
/// 2. the note names the data directory, and there is a journal in it: all is well.
/// 3. otherwise what was signed is forgotten (A1, amnesia of unknown extent). This is written in the journal, and only when it is
///    durable there the note is changed: whoever dies in between finds the old note again.
///
/// A note that names a chain from which this one comes (`Origin`) says that nothing was signed for this one yet: the note of this one is
/// written before. Then it is as if there were none, and from the first signature on the key is this chain's alone: the old chain does not
/// name this one, so there is no way back.
public struct KeyMark<Storage: Disk>: Sendable {
    private let disk: Storage
    private let name: String
    private let chain: Digest
    private let predecessors: [Digest]

    /// Creates the note of a key.
    ///
    /// - Parameters:
    ///   - disk: the directory in which the key is.
    ///   - name: the file of the note.
    ///   - chain: the chain for which the key is to sign.
    ///   - predecessors: the chains from which that one comes.
    public init(on disk: Storage, named name: String, chain: Digest, predecessors: [Digest] = []) {
        self.disk = disk
        self.name = name
        self.chain = chain
        self.predecessors = predecessors
    }

    /// The path of the note, for people.
    public var path: String { disk.path(of: name) }

    /// What was signed with the key and is not known in a data directory, before its journal is opened.
    ///
    /// A damaged note counts as one that names another directory.
    ///
    /// - Parameter data: the data directory.
    /// - Returns: nothing, or amnesia of unknown extent.
    /// - Throws: that the key signs for another chain, or how a disk failed.
    public func amnesia(with data: some Disk) throws(KeyMarkError) -> Amnesia? {
        let note: Note?
        let isFamiliar: Bool
        do {
            guard let bytes = try content() else { return nil }
            note = Note(bytes)
            let identity = try DataIdentity.find(on: data)
            let hasJournal = try data.names().contains { JournalSegment.number(of: $0) != nil }
            isFamiliar = hasJournal && identity != nil && identity == note?.data
        } catch {
            throw .disk(error)
        }
        guard let note else { return .unknown }
        if predecessors.contains(note.chain) { return nil }
        guard note.chain == chain else { throw .otherChain(path: path, chain: note.chain, expected: chain) }
        return isFamiliar ? nil : .unknown
    }

    /// Notes that the key signs with a data directory, whose journal is there and knows what is forgotten.
    ///
    /// When this returns, the note survives everything, and so does what the journal holds. After amnesia the directory gets a new
    /// identity, so that nobody takes an older copy of it for this one.
    public func set(for data: some Disk, after amnesia: Amnesia? = nil) throws(DiskError) {
        let isNew = amnesia?.isOfUnknownExtent ?? false
        let identity = try isNew ? DataIdentity.make(on: data) : DataIdentity.findOrMake(on: data)
        let note = Note(chain: chain, data: identity)
        guard try content() != note.bytes else { return }
        try data.syncJournal()
        try disk.replaceSmallFile(name, with: note.bytes)
    }

    private func content() throws(DiskError) -> [UInt8]? { try disk.smallFile(name, maximum: 256) }

    /// What stands in the file: chain 32, identity of the data directory 16.
    private struct Note {
        private static var magic: String { "hs_kused" }

        let chain: Digest
        let data: DataIdentity

        init(chain: Digest, data: DataIdentity) {
            self.chain = chain
            self.data = data
        }

        init?(_ bytes: [UInt8]) {
            guard let content = SealedBytes.open(bytes, magic: Note.magic),
                content.count == Digest.byteCount + DataIdentity.byteCount,
                let chain = Digest(bytes: Array(content.prefix(Digest.byteCount)))
            else { return nil }
            self.init(chain: chain, data: DataIdentity(Array(content.suffix(DataIdentity.byteCount))))
        }

        var bytes: [UInt8] { SealedBytes.seal(chain.bytes + data.bytes, magic: Note.magic) }
    }
}

/// Why a key may not be used with a data directory.
public enum KeyMarkError: Error, Equatable, Sendable {
    /// The key has signed for another chain than it is to sign for: the note, and the chains.
    case otherChain(path: String, chain: Digest, expected: Digest)
    /// A disk failed.
    case disk(DiskError)
}

extension KeyMarkError: CustomStringConvertible {
    /// One line: what is wrong, and where.
    public var description: String {
        switch self {
        case .otherChain(let path, let chain, let expected):
            "\(path) says that the key signs for chain \(chain.short)…, not for chain \(expected.short)…"
        case .disk(let error): error.description
        }
    }
}
