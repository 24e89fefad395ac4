import HotStuff

/// The fixed values whose bytes lie in `Golden`; `Scripts/check_golden.py` builds the same ones without this project's code.
enum GoldenValues {
    /// A digest of 32 successive bytes, so that a swapped word or byte shows.
    static func digest(from first: UInt8) -> Digest {
        let word = { (start: UInt8) in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(first + start + UInt8($1)) << (8 * UInt64($1)) }
        }
        return Digest(word0: word(0), word1: word(8), word2: word(16), word3: word(24))
    }

    static let chain = digest(from: 0x10)
    static let view = View(0x0102_0304_0506_0708)

    static let header = BlockHeader(
        chain: chain,
        epoch: Epoch(2),
        view: view,
        height: Height(99),
        parent: digest(from: 0x30),
        justifyView: View(7),
        proposer: ReplicaID(3),
        payloadDigest: digest(from: 0x50),
        nextValidatorSet: digest(from: 0x70),
        executed: ExecutedState(height: Height(98), digest: digest(from: 0x90)),
        time: Timestamp(1_700_000_000_000),
        work: Work(difficulty: 16, nonce: 0x0a0b_0c0d_0e0f_1011)
    )

    static let voteStatement = VoteStatement(
        chain: chain,
        epoch: Epoch(2),
        view: view,
        block: digest(from: 0xb0),
        height: Height(99),
        parentView: View(7),
        commits: digest(from: 0xd0)
    )

    static let barrenVoteStatement = VoteStatement(
        chain: chain,
        epoch: Epoch(2),
        view: View(7),
        block: digest(from: 0x30),
        height: Height(98),
        parentView: View(5),
        commits: nil
    )

    static let timeoutStatement = TimeoutStatement(
        chain: chain,
        epoch: Epoch(2),
        view: View(9),
        highestCertifiedView: View(7)
    )

    static let proposalStatement = ProposalStatement(proposing: header, id: header.id)

    static let quorumCertificate = QuorumCertificate(
        statement: barrenVoteStatement,
        signatures: SignatureSet([
            (signer: ReplicaID(0), signature: Signature([0xa0])),
            (signer: ReplicaID(2), signature: Signature([0xa2, 0xa3])),
            (signer: ReplicaID(9), signature: Signature([])),
        ])
    )

    static let timeoutCertificate = TimeoutCertificate(
        chain: chain,
        epoch: Epoch(2),
        view: View(8),
        signatures: SignatureSet([
            (signer: ReplicaID(1), signature: Signature([0xb1])),
            (signer: ReplicaID(3), signature: Signature([0xb3])),
        ]),
        certifiedViews: [View(6), View(7)],
        highest: quorumCertificate
    )

    static let key = CommandKey(session: SessionID(height: Height(12), position: 5), sequence: 34)
    static let command = Command(key: key, body: [0xc0, 0xc1, 0xc2])
    static let opening = Command.openSession(nonce: 0x1122_3344_5566_7788)
    static let payload = Payload([command, opening])
    static let block = Block(header: header, payload: payload, justify: quorumCertificate)
    static let signature = Signature([0xd0, 0xd1, 0xd2, 0xd3])
    static let vote = Vote(statement: voteStatement, voter: ReplicaID(258), signature: signature)

    static let timeout = Timeout(
        statement: timeoutStatement,
        sender: ReplicaID(1),
        signature: signature,
        certificates: CertificatePair(quorum: quorumCertificate, timeout: timeoutCertificate)
    )

    static let outcomes: [CommandOutcome] = [
        .executed([0xe0, 0xe1]), .opened(SessionID(height: Height(99), position: 1)), .unknownSession,
        .sequenceOutOfRange, .replyForgotten,
    ]

    static let results = outcomes.map {
        CommandResult(key: key, command: digest(from: 0x20), height: Height(99), outcome: $0)
    }

    static let status = ReplicaStatus(
        replica: ReplicaID(1),
        view: view,
        leader: ReplicaID(2),
        committedHeight: Height(97),
        committedBlock: digest(from: 0x40),
        executed: ExecutedState(height: Height(96), digest: digest(from: 0x60)),
        applicationState: digest(from: 0x80),
        executedCommands: 1_000_000,
        pendingCommands: 17,
        failedViews: 23
    )

    static let snapshot = SnapshotPoint(height: Height(99), before: digest(from: 0x20), root: digest(from: 0x40))
    static let snapshotName = SnapshotName(height: Height(99), root: digest(from: 0x40))

    static let snapshotOffer = SnapshotOffer(
        manifest: SnapshotManifest(of: header, point: snapshot, byteCount: 3_000_000),
        certificate: SnapshotCertificate(
            proof: StateProof(
                point: snapshot,
                steps: [
                    ExecutionStep(time: Timestamp(7), results: digest(from: 0x60), root: nil),
                    ExecutionStep(time: Timestamp(8), results: digest(from: 0x62), root: digest(from: 0x64)),
                ]
            ),
            header: header,
            finality: quorumCertificate
        )
    )

    static let snapshotOutline = SnapshotOutline(
        name: snapshotName,
        digests: [digest(from: 0x70), digest(from: 0x72)],
        foundation: BlockRange(above: Height(98), blocks: [block], certificate: quorumCertificate)
    )

    static let snapshotChunk = SnapshotChunk(name: snapshotName, index: 0x0102_0304, bytes: [0xe0, 0xe1])

    static let validators = [
        Validator(verificationKey: [0xf0, 0xf1], power: VotingPower(1)),
        Validator(verificationKey: [0xf2], power: VotingPower(300)),
    ]

    static let parameters = ChainParameters(
        maximumCommandsPerBlock: 100,
        maximumCommandBytes: 2_000,
        maximumPayloadBytes: 30_000,
        maximumClockDriftMilliseconds: 400,
        maximumExecutionLag: 5,
        snapshotInterval: 6_000,
        commitRule: .twoChain,
        voteRouting: .nextLeader
    )

    /// The genesis document over the two validators.
    static func genesis() throws -> Genesis {
        Genesis(
            name: "Zürich",
            validators: try ValidatorSet(validators),
            signatureScheme: "ML-DSA-44",
            parameters: parameters
        )
    }
}
