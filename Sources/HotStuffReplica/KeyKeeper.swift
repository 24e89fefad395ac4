internal import HotStuff
internal import HotStuffStorage
internal import Logging

/// The note beside the key of a replica that starts, if it keeps one.
struct KeyKeeper {
    private let mark: KeyMark<RealDisk>?
    private let data: RealDisk

    /// Opens the directory of the key; a listener, whose key signs no statement, keeps no note.
    ///
    /// - Throws: that there is no such directory.
    init(_ configuration: ReplicaConfiguration, data: RealDisk) throws(ReplicaError) {
        self.data = data
        guard !configuration.isListener, let path = configuration.keyMark else {
            mark = nil
            return
        }
        let (directory, name) = KeyKeeper.split(path)
        guard !name.isEmpty else { throw .configuration("the mark of the key, \(path), is no name of a file") }
        do {
            mark = KeyMark(
                on: try RealDisk(path: directory, createIfMissing: false),
                named: name,
                chain: configuration.genesis.chain,
                predecessors: configuration.genesis.origin?.predecessors ?? []
            )
        } catch {
            throw .keyMark(.disk(error))
        }
    }

    /// What the data directory does not know of what was signed with the key, together with what is known to be lost from it.
    func amnesia(besides known: Amnesia?, logger: Logger) throws(ReplicaError) -> Amnesia? {
        guard let mark else { return known }
        let amnesia: Amnesia?
        do {
            amnesia = try mark.amnesia(with: data)
        } catch {
            throw .keyMark(error)
        }
        guard let amnesia else { return known }
        logger.warning(
            """
            the key was used with another data directory, so what it signed is not known here: nothing is signed until a quorum of \
            replicas has told what it holds of it; give the old directory back if it exists
            """,
            metadata: ["mark": "\(mark.path)", "data": "\(data.path)"]
        )
        return known.map { $0.joined(with: amnesia) } ?? amnesia
    }

    /// Notes that the key signs with this data directory; nothing may be signed before.
    func use(after amnesia: Amnesia?) throws(ReplicaError) {
        do {
            try mark?.set(for: data, after: amnesia)
        } catch {
            throw .keyMark(.disk(error))
        }
    }

    /// The directory and the name of a file.
    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let directory = path[..<slash]
        return (directory.isEmpty ? "/" : String(directory), String(path[path.index(after: slash)...]))
    }
}
