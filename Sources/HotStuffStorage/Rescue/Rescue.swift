public import HotStuff

/// What is left of a chain of which more replicas than may fail have lost their disks, in the directories of the others.
///
/// A block that any replica certified may have been final at one that is gone. So the chain that is restored is that of the
/// certificate with the highest view in all directories, and not only what one of them knows to be final: no other block can have been
/// final that is not on this chain, unless all who knew a higher certificate are gone.
///
/// Nothing is written, and no directory is believed: see `RescueSource`.
public struct Rescue<Storage: Disk>: Sendable {
    /// The directories of which something can be used.
    public private(set) var sources: [RescueSource<Storage>] = []
    /// The directories that are left aside, and why.
    public private(set) var aside: [(path: String, reason: String)] = []

    let genesis: Genesis
    let committee: Committee
    /// The locks of the directories, which nobody else has as long as this lasts.
    private var locks: [Storage.File] = []

    /// Looks at some data directories of replicas, or listeners, of a chain that do not run.
    ///
    /// - Parameters:
    ///   - marks: the directories, each under the mark of a journal that is not synced; nothing in them is changed.
    ///   - genesis: the document with which the chain begins.
    ///   - listeners: who follows the chain without a vote, each with its public key.
    ///   - verifier: judges the certificates of the chain.
    /// - Throws: that a directory is in use, or of another chain.
    public init(
        under marks: [UnsyncedMark<Storage>],
        genesis: Genesis,
        listeners: [(id: ReplicaID, key: [UInt8])] = [],
        verifier: MessageVerifier
    ) throws(RescueRefusal) {
        self.genesis = genesis
        committee = Committee(genesis)
        let validators = genesis.validators.replicas.map {
            ($0, genesis.validators.validators[$0.index].verificationKey)
        }
        let owners = (validators + listeners).reduce(into: [:]) { $0[Digest.hash(of: $1.1)] = $1.0 }
        var certificates = RescueCertificates(verifier: verifier)
        for mark in marks {
            let disk = mark.disk
            do {
                if let lock = try Self.lock(disk) { locks.append(lock) }
                let source = try RescueSource(
                    under: mark,
                    chain: genesis.chain,
                    interval: genesis.parameters.snapshotInterval,
                    owners: owners,
                    judgedBy: &certificates
                )
                if source.isEmpty {
                    aside.append((disk.path, "it holds nothing of a replica"))
                } else if source.finalHeight == nil, source.recorded.isEmpty, source.statements.isEmpty {
                    aside.append((disk.path, source.problems.first ?? "it holds no block"))
                } else {
                    sources.append(source)
                }
            } catch let refusal as RescueRefusal {
                throw refusal
            } catch {
                aside.append((disk.path, "\(error)"))
            }
        }
    }

    /// The power of the validators whose directories are here, show no damage and have forgotten nothing: what could go on without
    /// being rescued.
    public var intactPower: VotingPower {
        let intact = sources.filter { $0.problems.isEmpty && !$0.isForgetful }.compactMap(\.replica)
        return committee.validators.power(of: Set(intact).filter(committee.validators.contains).sorted())
    }

    /// Whether those validators are a quorum: then nothing needs to be rescued, and starting them is enough.
    public var isNeedless: Bool { intactPower >= committee.validators.quorum }

    /// The highest of all certificates; none if there is none above the beginning of the chain.
    public var certified: VoteStatement? { sources.compactMap(\.certified).max { $0.view < $1.view } }

    /// Takes the lock of a directory without a change; nil if it has none, so that nobody can have it.
    private static func lock(_ disk: Storage) throws -> Storage.File? {
        let name = DataDirectory<Storage>.lockName
        guard let file = try disk.openIfThere(name) else { return nil }
        guard try file.lockExclusively() else {
            let content = try disk.smallFile(name, maximum: 16) ?? []
            let process = Int32(String(decoding: content.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
            throw RescueRefusal.inUse(path: disk.path, process: process)
        }
        return file
    }
}
