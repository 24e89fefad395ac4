import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("What is left of a chain that cannot go on")
struct RescueTests {
    private let fixture: AuditFixture

    init() throws { fixture = try AuditFixture.shared.get() }

    private var verifier: MessageVerifier {
        MessageVerifier(committee: fixture.committee, parameters: fixture.genesis.parameters, verifier: fixture.keys)
    }

    private func look(at disks: SimulatedDisk..., boot: [UInt8] = [1]) throws -> Rescue<SimulatedDisk> {
        let marks = disks.map { UnsyncedMark(of: $0, bootIdentity: boot) }
        return try Rescue(under: marks, genesis: fixture.genesis, verifier: verifier)
    }

    /// A directory of the whole chain, or of its beginning.
    private func directory(
        of owner: Int = 1,
        blocks: Int = 40,
        archived: Int = 36,
        committed: Int = .max,
        and more: [JournalRecord] = []
    ) throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        try fixture.cut(to: blocks).of(owner).fill(disk, archived: archived, committed: committed, and: more)
        return disk
    }

    @Test(
        "the highest certified block is restored, not only what is final; what no certificate leads to is named as lost"
    )
    func certified() throws {
        let disk = try directory()
        let before = disk.files.map(\.bytes)
        let rescue = try look(at: disk)
        #expect(rescue.sources.map(\.replica) == [ReplicaID(1)])
        #expect(rescue.sources[0].problems == [])
        #expect(rescue.sources[0].archived == Height(1)...Height(36))
        #expect(rescue.sources[0].snapshotHeights == [Height(20), Height(30)])
        #expect(rescue.aside.isEmpty && !rescue.isNeedless)
        let chain = try rescue.restore(KeyValueStore())
        // The certificate of the last block was on no disk.
        #expect(chain.header == fixture.blocks[38].header)
        #expect(chain.finalHeight == Height(37))
        #expect(chain.losses.finalHeight == nil && chain.losses.certified.isEmpty)
        #expect(chain.losses.uncertifiedBlocks == 1)
        #expect(chain.losses.commands == fixture.blocks[39].payload.commands.map(\.key))
        #expect(chain.startHeight == Height(30) && chain.startPath == disk.path)
        #expect(chain.provedHeight == Height(38))
        #expect(chain.notices == [])
        #expect(disk.files.map(\.bytes) == before)
        #expect(!disk.files.map(\.name).contains("lock"))
    }

    @Test("the highest certificate of all directories counts, also where another one knows more final blocks")
    func highestCertificate() throws {
        let final = try directory(blocks: 34, archived: 30)
        let certified = try directory(of: 2, archived: 10, committed: 20)
        let rescue = try look(at: final, certified)
        #expect(rescue.sources.map(\.finalHeight) == [Height(31), Height(20)])
        #expect(rescue.sources.map(\.certified?.height) == [Height(33), Height(39)])
        for disks in [[final, certified], [certified, final]] {
            let marks = disks.map { UnsyncedMark(of: $0, bootIdentity: [1]) }
            let chain = try Rescue(under: marks, genesis: fixture.genesis, verifier: verifier).restore(KeyValueStore())
            #expect(chain.header == fixture.blocks[38].header)
            #expect(chain.finalHeight == Height(31))
            #expect(chain.origin == (try look(at: try directory()).restore(KeyValueStore()).origin))
        }
    }

    @Test(
        "the replicas of the new chain begin with the state, its sessions and its height, and the audit finds it whole"
    )
    func beginning() throws {
        let chain = try look(at: try directory()).restore(KeyValueStore())
        let next = goingOn(from: chain.origin)
        let disk = SimulatedDisk()
        try chain.write(next, to: disk)
        #expect(disk.files.map(\.name) == ["snapshot-00000000000000000039"])
        let before = disk.files.map(\.bytes)
        #expect(try DirectoryAudit.run(of: disk, genesis: next, verifier: fixture.keys).fault == nil)
        let inspection = try DirectoryInspection(under: UnsyncedMark(of: disk, bootIdentity: [1]))
        #expect(inspection.chain == next.chain && !inspection.isEmpty)
        #expect(disk.files.map(\.bytes) == before)

        var expected = Execution(machine: KeyValueStore(), snapshotInterval: AuditFixture.interval)
        for block in fixture.blocks.prefix(39) { _ = expected.execute(block) }
        for _ in 0..<2 {
            let recovered = try recover(disk, on: next)
            #expect(recovered.execution.snapshotRoot() == expected.snapshotRoot())
            #expect(recovered.execution.executed == next.header.executed)
            #expect(recovered.keeper.reader.firstHeight == Height(40))
            let key = fixture.blocks[20].payload.commands[0].key
            #expect(recovered.execution.result(for: key) == expected.result(for: key))
            #expect(recovered.snapshotHeight == Height(39) && recovered.state == nil && recovered.notices == [])
        }
        let report = try DirectoryAudit.run(of: disk, genesis: next, verifier: fixture.keys)
        #expect(report.fault == nil && report.provedHeight == Height(39) && report.snapshots == 1)
    }

    @Test("a directory without the state with which the chain begins, or with a damaged or foreign one, is refused")
    func withoutBeginning() throws {
        let chain = try look(at: try directory()).restore(KeyValueStore())
        let next = goingOn(from: chain.origin)
        let empty = SimulatedDisk()
        #expect(throws: RecoveryFailure.noBeginning(path: empty.path, height: Height(39), notices: [])) {
            try recover(empty, on: next)
        }
        let disk = SimulatedDisk()
        try chain.write(next, to: disk)
        let (name, bytes) = try #require(disk.files.first)
        for position in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[position] ^= 1
            #expect(throws: RecoveryFailure.self, "byte \(position)") {
                try recover(SimulatedDisk([(name, damaged)]), on: next)
            }
        }
        // The state of the same height on another chain that goes on from the same block.
        let other = Genesis(
            name: "another",
            validators: next.validators,
            signatureScheme: next.signatureScheme,
            parameters: next.parameters,
            origin: next.origin
        )
        #expect(throws: RecoveryFailure.self) { _ = try recover(SimulatedDisk([(name, bytes)]), on: other) }
        #expect(throws: RecoveryFailure.self) {
            try recover(SimulatedDisk([(name, bytes)]), on: withState(.zero, next))
        }
    }

    @Test("a rotten directory costs only what is rotten, and is named; one with nothing in it is left aside")
    func rotten() throws {
        let sound = try directory(blocks: 34, archived: 30)
        let files = try directory(of: 2).files
        for (name, _) in files where name.hasPrefix("journal") || name.hasPrefix("blocks") || name.hasPrefix("snapshot")
        {
            for position in [9, 100, 700] {
                let rotten = SimulatedDisk(
                    files.map { file in
                        var bytes = file.bytes
                        if file.name == name, position < bytes.count { bytes[position] ^= 0x40 }
                        return (file.name, bytes)
                    }
                )
                let rescue = try look(at: sound, rotten)
                let chain = try rescue.restore(KeyValueStore())
                #expect(chain.header.height >= Height(33), "\(name), byte \(position)")
                let expected = fixture.blocks[Int(chain.header.height.rawValue) - 1].header
                #expect(chain.header == expected, "\(name), byte \(position)")
                #expect(rescue.sources[0].problems == [])
            }
        }
        let rescue = try look(
            at: SimulatedDisk([("something", [1, 2, 3])]),
            sound,
            SimulatedDisk([("journal-0000000001", [1])])
        )
        #expect(rescue.aside.count == 2 && rescue.sources.count == 1)
        #expect(rescue.aside[0].reason == "it holds nothing of a replica")
        #expect(rescue.intactPower == VotingPower(1))
        #expect(throws: RescueRefusal.nothingCertified) { _ = try look(at: SimulatedDisk()).restore(KeyValueStore()) }
    }

    @Test(
        "a damaged block of the archive is taken from another directory, and where there is none no state leads past it"
    )
    func damagedArchive() throws {
        let sound = try directory(of: 2, blocks: 12, archived: 10)
        let files = try directory().files.filter { !$0.name.hasPrefix("snapshot") && !$0.name.hasSuffix("0000000001") }
        let (name, bytes) = try #require(try directory().files.first { $0.name == "blocks-00000000000000000001" })
        var damaged = bytes
        damaged[600] ^= 1
        let rotten = SimulatedDisk(files + [(name, damaged)])
        #expect(try look(at: rotten, sound).restore(KeyValueStore()).header == fixture.blocks[38].header)
        do {
            _ = try look(at: SimulatedDisk(files + [(name, damaged)])).restore(KeyValueStore())
            Issue.record("a damaged block was executed")
        } catch {
            guard case .noState(let obstacles) = error as? RescueRefusal else { throw error }
            #expect(!obstacles.isEmpty)
        }
    }

    @Test("directories of two chains, and one that somebody has, are refused")
    func refused() throws {
        let disk = try directory()
        let other = SimulatedDisk()
        try AuditFixture(count: 8, name: "other").fill(other, archived: 4)
        #expect(throws: RescueRefusal.self) { _ = try look(at: disk, other) }
        let holder = try DataDirectory(locking: disk)
        do {
            _ = try look(at: disk)
            Issue.record("somebody has it")
        } catch {
            guard case .inUse(path: disk.path, process: .some) = error as? RescueRefusal else { throw error }
        }
        try holder.close()
        let rescue = try look(at: disk)
        #expect(throws: DataDirectoryError.self) { try DataDirectory(locking: disk) }
        #expect(rescue.sources.count == 1)
    }

    @Test("two final blocks at one height are told, and nobody chooses between them")
    func contradiction() throws {
        let lie = JournalRecord.commit(height: Height(35), block: Digest.hash(of: [1]))
        let liar = try directory(of: 2, blocks: 30, archived: 20, committed: 22, and: [lie])
        let rescue = try look(at: try directory(), liar)
        #expect(throws: RescueRefusal.contradiction(path: liar.path, height: Height(35))) {
            _ = try rescue.restore(KeyValueStore())
        }
    }

    @Test("a block that is certified and nowhere is lost, and so is what is known to be final above it")
    func lost() throws {
        let certificate = fixture.certificates[38]
        let disk = try directory(blocks: 30, archived: 20, and: [.quorumCertificate(certificate)])
        let chain = try look(at: disk).restore(KeyValueStore())
        #expect(chain.header == fixture.blocks[28].header)
        #expect(chain.losses.certified == [certificate.statement])
        let forged = QuorumCertificate(
            statement: certificate.statement,
            signatures: SignatureSet((0..<UInt16(3)).map { (ReplicaID($0), Signature([1])) })
        )
        let lying = try directory(blocks: 30, archived: 20, and: [.quorumCertificate(forged)])
        #expect(try look(at: lying).restore(KeyValueStore()).losses.certified.isEmpty)
    }

    @Test("a state that is not the one which blocks say was executed is passed over")
    func wrongState() throws {
        let disk = try directory()
        let forger = try AuditFixture(count: 40, valueByteCount: 4)
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: AuditFixture.interval)
        for block in forger.blocks.prefix(30) { _ = execution.execute(block) }
        let writer = try #require(SnapshotWriter(of: execution, behind: fixture.blocks[29].header))
        _ = try writer.write(to: SnapshotStore(on: disk, chain: fixture.committee.chain))
        let chain = try look(at: disk).restore(KeyValueStore())
        #expect(chain.header == fixture.blocks[38].header && chain.startHeight == Height(20))
        #expect(chain.notices.count == 1)
        #expect(chain.notices.first?.contains("the state of height 30 is not the one that block 31 says") == true)
    }

    @Test("a quorum of intact directories needs no rescue; damage and forgetting count against it")
    func needless() throws {
        let disks = try (0..<3).map { try directory(of: $0) }
        #expect(try look(at: disks[0], disks[1]).intactPower == VotingPower(2))
        #expect(try look(at: disks[0], disks[1], try directory(of: 1)).isNeedless == false)
        #expect(try look(at: disks[0], disks[1], disks[2]).isNeedless)
        try UnsyncedMark(of: disks[2], bootIdentity: [1]).set()
        #expect(try look(at: disks[0], disks[1], disks[2]).isNeedless)
        #expect(try look(at: disks[0], disks[1], disks[2], boot: [2]).isNeedless == false)
    }

    private func goingOn(from origin: Origin) -> Genesis {
        Genesis(
            name: fixture.genesis.name,
            validators: fixture.genesis.validators,
            signatureScheme: fixture.genesis.signatureScheme,
            parameters: fixture.genesis.parameters,
            origin: origin
        )
    }

    private func withState(_ state: Digest, _ genesis: Genesis) throws -> Genesis {
        let origin = try #require(genesis.origin)
        return goingOn(
            from: Origin(
                predecessors: origin.predecessors,
                epoch: origin.epoch,
                view: origin.view,
                height: origin.height,
                block: origin.block,
                state: state,
                time: origin.time
            )
        )
    }

    @discardableResult
    private func recover(
        _ disk: SimulatedDisk,
        on genesis: Genesis
    ) throws -> RecoveredReplica<KeyValueStore, SimulatedDisk> {
        let committee = Committee(genesis)
        var verifier = MessageVerifier(committee: committee, parameters: genesis.parameters, verifier: fixture.keys)
        return try RecoveredReplica.recover(
            on: disk,
            identity: JournalIdentity(chain: genesis.chain, validator: genesis.validators.validators[1]),
            configuration: JournalConfiguration(durability: .powerLoss, preallocates: false),
            committee: committee,
            machine: KeyValueStore(),
            parameters: genesis.parameters,
            verifier: &verifier
        )
    }
}
