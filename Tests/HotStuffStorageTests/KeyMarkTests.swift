import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("the mark beside a key, of what signs with it")
struct KeyMarkTests {
    /// The directory of a key, and the data directories that replicas are started with.
    private struct Place {
        let cluster: TestCommittee
        let keys = SimulatedDisk()

        init() throws { cluster = try TestCommittee() }

        var mark: KeyMark<SimulatedDisk> { mark(of: cluster.committee.chain) }

        func mark(of chain: Digest) -> KeyMark<SimulatedDisk> {
            KeyMark(on: keys, named: "key.used", chain: chain)
        }

        /// The first half of a start: what the key's mark says goes into the journal, which is made if it is missing.
        ///
        /// - Returns: what the replica knows to have forgotten.
        @discardableResult
        func recover(_ data: SimulatedDisk, besides known: Amnesia? = nil) throws -> View? {
            var verifier = cluster.verifier
            let found = try mark.amnesia(with: data)
            let recovered = try RecoveredReplica.recover(
                on: data,
                identity: JournalIdentity(
                    chain: cluster.committee.chain,
                    validator: cluster.committee.validators.validators[0]
                ),
                configuration: JournalConfiguration(durability: .powerLoss, maximumBatchBytes: 1 << 20),
                committee: cluster.committee,
                machine: KeyValueStore(),
                parameters: cluster.parameters,
                verifier: &verifier,
                amnesia: found ?? known
            )
            return recovered.state?.record.forgottenThrough
        }

        /// A start up to the moment from which something may be signed.
        @discardableResult
        func start(_ data: SimulatedDisk) throws -> View? {
            data.killProcess()
            let found = try mark.amnesia(with: data)
            let forgotten = try recover(data)
            try mark.set(for: data, after: found)
            return forgotten
        }
    }

    @Test("a key that never signed has no amnesia, and from the first start on its data directory is known")
    func familiar() throws {
        let place = try Place()
        let data = SimulatedDisk()
        #expect(try place.start(data) == nil)
        #expect(place.keys["key.used"] != nil && data["identity"] != nil)
        place.keys.losePowerAndEverythingUnsynced()
        data.losePowerAndEverythingUnsynced()
        #expect(try place.mark.amnesia(with: data) == nil)
        #expect(try place.start(data) == nil)
    }

    @Test("an empty, a foreign and a half emptied data directory have forgotten everything", arguments: 0..<4)
    func strange(kind: Int) throws {
        let place = try Place()
        let data = SimulatedDisk()
        try place.start(data)
        let other = SimulatedDisk()
        switch kind {
        case 0: break
        case 1: try Place().start(other)
        case 2:
            // Its identity was kept, but not its journal.
            let file = try other.open("identity", .createEmpty)
            let identity = try #require(data["identity"])
            try file.write(identity.span.bytes, at: 0)
        default:
            // The journal of a replica that knows nothing of the mark.
            try Place().recover(other)
        }
        #expect(try place.mark.amnesia(with: other) == .unknown)
        #expect(try place.start(other) == .unknown)
        // From now on the other one is the key's, and what it forgot stays forgotten.
        #expect(try place.mark.amnesia(with: other) == nil)
        #expect(try place.start(other) == .unknown)
        // Whoever brings the first one back has an old memory.
        #expect(try place.start(data) == .unknown)
    }

    @Test("a directory that was made before there were marks is taken for the key's own")
    func older() throws {
        let place = try Place()
        let data = SimulatedDisk()
        try place.recover(data)
        #expect(data["identity"] == nil)
        #expect(try place.start(data) == nil)
        #expect(try place.start(data) == nil)
    }

    @Test("a key goes on from a chain to the one that comes from it, and never the other way")
    func goingOn() throws {
        let place = try Place()
        let data = SimulatedDisk()
        try place.start(data)
        let (old, new) = (place.cluster.committee.chain, Digest.hash(of: [1]))
        func mark(from predecessors: [Digest]) -> KeyMark<SimulatedDisk> {
            KeyMark(on: place.keys, named: "key.used", chain: new, predecessors: predecessors)
        }
        let note = place.keys["key.used"]
        let error = #expect(throws: KeyMarkError.self) { try mark(from: [Digest.hash(of: [2])]).amnesia(with: data) }
        #expect(error == .otherChain(path: "/simulated/key.used", chain: old, expected: new))
        #expect(throws: KeyMarkError.self) { try mark(from: []).amnesia(with: data) }
        // Nothing was signed for the new chain, so nothing is forgotten, whatever the directory.
        let next = SimulatedDisk()
        let going = mark(from: [Digest.hash(of: [2]), old])
        #expect(try going.amnesia(with: next) == nil)
        #expect(place.keys["key.used"] == note)
        try going.set(for: next)
        #expect(place.keys["key.used"] != note)
        #expect(throws: KeyMarkError.self) { try place.mark.amnesia(with: data) }
        // From now on it is like any key: with another directory everything is forgotten.
        #expect(try going.amnesia(with: SimulatedDisk()) == .unknown)
    }

    @Test("a key that signed for another chain is refused, with the file and both chains")
    func otherChain() throws {
        let place = try Place()
        let data = SimulatedDisk()
        try place.start(data)
        let chain = Digest.hash(of: [7])
        let error = #expect(throws: KeyMarkError.self) { try place.mark(of: chain).amnesia(with: data) }
        let own = place.cluster.committee.chain
        #expect(error == .otherChain(path: "/simulated/key.used", chain: own, expected: chain))
        let line = "\(try #require(error))"
        #expect(line.contains(own.short) && line.contains(chain.short) && line.contains("key.used"))
    }

    @Test("a damaged mark, and a damaged identity, count as strange")
    func damaged() throws {
        let place = try Place()
        let data = SimulatedDisk()
        try place.start(data)
        for offset in 0..<place.keys.byteCount(of: "key.used") {
            place.keys.flip(bit: 2, at: offset, of: "key.used")
            #expect(try place.mark.amnesia(with: data) == .unknown, "byte \(offset)")
            place.keys.flip(bit: 2, at: offset, of: "key.used")
        }
        for offset in 0..<data.byteCount(of: "identity") {
            data.flip(bit: 2, at: offset, of: "identity")
            #expect(try place.mark.amnesia(with: data) == .unknown, "byte \(offset)")
            data.flip(bit: 2, at: offset, of: "identity")
        }
        #expect(try place.mark.amnesia(with: data) == nil)
        try place.keys.open("key.used", .createEmpty).truncate(to: 0)
        #expect(try place.start(data) == .unknown)
    }

    /// The steps at which a disk can fail while a replica starts.
    private static let operations: [DiskError.Operation] = [
        .open, .write, .sync, .rename, .syncDirectory, .createDirectory,
    ]

    @Test("a power cut at any step of a first start forgets nothing", arguments: operations)
    func cutFirstStart(operation: DiskError.Operation) throws {
        try cut(operation) { place, disk, fault in
            let data = SimulatedDisk()
            let isCut = self.begin(place, data, failing: disk, fault)
            return (data, isCut, nil)
        }
    }

    @Test("a power cut at any step of a start with an empty directory never makes it familiar", arguments: operations)
    func cutStrangeStart(operation: DiskError.Operation) throws {
        try cut(operation) { place, disk, fault in
            try place.start(SimulatedDisk())
            let data = SimulatedDisk()
            let isCut = self.begin(place, data, failing: disk, fault)
            return (data, isCut, .unknown)
        }
    }

    /// Starts a replica whose disk fails; tells whether it did.
    private func begin(_ place: Place, _ data: SimulatedDisk, failing disk: Int, _ fault: SimulatedDisk.Fault) -> Bool {
        (disk == 0 ? place.keys : data).inject(fault)
        let result = Result { try place.start(data) }
        place.keys.clearFaults()
        data.clearFaults()
        if case .failure = result { return true }
        return false
    }

    /// Cuts the power of both disks at each operation of a kind in turn, and checks what the next start knows.
    private func cut(
        _ operation: DiskError.Operation,
        _ body: (Place, Int, SimulatedDisk.Fault) throws -> (SimulatedDisk, Bool, View?)
    ) throws {
        for disk in 0...1 {
            for after in 0..<64 {
                for seed in UInt64(0)..<8 {
                    let place = try Place()
                    let fault = SimulatedDisk.Fault(operation: operation, code: 5, after: after, leavesPending: true)
                    let (data, isCut, expected) = try body(place, disk, fault)
                    place.keys.losePower(seed: seed)
                    data.losePower(seed: seed &* 31)
                    let found = try place.start(data)
                    #expect(found == expected, "\(operation) \(after) of disk \(disk), seed \(seed)")
                    guard isCut else { break }
                }
            }
        }
    }

    @Test("who has forgotten an unknown extent and learns of a bound keeps both: it still does not know the extent")
    func bounds() throws {
        #expect(Amnesia.through(View(4)).joined(with: .unknown) == .unknownBeside(View(4)))
        #expect(Amnesia.unknown.joined(with: .through(View(4))) == .unknownBeside(View(4)))
        #expect(Amnesia.through(View(4)).joined(with: .through(View(9))) == .through(View(9)))
        let place = try Place()
        try place.start(SimulatedDisk())
        let data = SimulatedDisk()
        #expect(try place.start(data) == .unknown)
        data.killProcess()
        #expect(try place.recover(data, besides: .through(View(256))) == .unknown)
    }
}
