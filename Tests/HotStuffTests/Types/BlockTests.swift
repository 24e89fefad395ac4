import HotStuff
import Testing

@Suite("Blocks, commands and certificates")
struct BlockTests {
    @Test("a block is named by its header alone")
    func name() {
        for seed in UInt64(0)..<50 {
            var generator = SplitMix64(seed: seed)
            let block = generator.block()
            #expect(block.id == block.header.id, "seed \(seed)")
            #expect(block.id == Domain.blockHeader.digest(of: block.header), "seed \(seed)")
            #expect(block.view == block.header.view, "seed \(seed)")
            #expect(block.height == block.header.height, "seed \(seed)")
            let other = Block(
                header: block.header,
                payload: generator.payload(),
                justify: generator.quorumCertificate()
            )
            #expect(other.id == block.id, "seed \(seed)")
        }
    }

    @Test("claimed sizes are the sizes of the encodings")
    func sizes() {
        for seed in UInt64(0)..<50 {
            var generator = SplitMix64(seed: seed)
            let payload = generator.payload()
            #expect(payload.encodedSize == payload.encoded.count, "seed \(seed)")
            let command = generator.command()
            #expect(command.encodedSize == command.encoded.count, "seed \(seed)")
        }
    }

    @Test("a header with a next validator set ends its epoch")
    func epochEnd() throws {
        #expect(GoldenValues.header.endsEpoch)
        #expect(try !GoldenValues.genesis().header.endsEpoch)
    }

    @Test("the order of commands is in the payload's digest")
    func payloadOrder() {
        let commands = [GoldenValues.command, GoldenValues.opening]
        #expect(Payload(commands).digest != Payload(commands.reversed()).digest)
        #expect(Payload(commands).digest != Payload([commands[0]]).digest)
        #expect(Payload.empty.isEmpty)
        #expect(!Payload(commands).isEmpty)
    }

    @Test("the identity of a certificate does not depend on who signed")
    func identity() {
        for seed in UInt64(0)..<50 {
            var generator = SplitMix64(seed: seed)
            let statement = generator.voteStatement()
            let first = QuorumCertificate(statement: statement, signatures: generator.signatureSet())
            let second = QuorumCertificate(statement: statement, signatures: generator.signatureSet())
            #expect(first.identity == second.identity, "seed \(seed)")
            #expect(first.identity == statement.digest, "seed \(seed)")
            #expect(first.view == statement.view, "seed \(seed)")
            #expect(first.block == statement.block, "seed \(seed)")
        }
    }

    @Test("the genesis block is at the beginning of everything and its certificate makes it final")
    func genesis() throws {
        let genesis = try GoldenValues.genesis()
        let header = genesis.header
        #expect(header.chain == genesis.chain)
        #expect(header.view == .genesis)
        #expect(header.height == .genesis)
        #expect(header.epoch == .first)
        #expect(header.parent == .zero)
        #expect(header.payloadDigest == Payload.empty.digest)
        #expect(header.executed == .genesis)
        let certificate = QuorumCertificate.genesis(header)
        #expect(certificate.block == header.id)
        #expect(certificate.statement.commits == header.id)
        #expect(certificate.signatures.isEmpty)
    }

    @Test("the certificate of an epoch's first block has the fields of its header")
    func epochGenesis() {
        let header = GoldenValues.header
        let certificate = QuorumCertificate.genesis(header)
        let statement = VoteStatement(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            block: header.id,
            height: header.height,
            parentView: header.justifyView,
            commits: header.id
        )
        #expect(certificate == QuorumCertificate(statement: statement, signatures: .empty))
    }

    @Test("statements take chain, epoch and view from what they are about")
    func statements() {
        let header = GoldenValues.header
        let proposal = Proposal(block: GoldenValues.block, timeoutCertificate: nil, signature: GoldenValues.signature)
        #expect(proposal.statement == ProposalStatement(proposing: header, id: header.id))
        #expect(proposal.statement.chain == header.chain)
        #expect(proposal.statement.epoch == header.epoch)
        #expect(proposal.statement.view == header.view)
        #expect(proposal.statement.block == header.id)
        let certificate = GoldenValues.timeoutCertificate
        #expect(
            certificate.statement(naming: View(6))
                == TimeoutStatement(
                    chain: certificate.chain,
                    epoch: certificate.epoch,
                    view: certificate.view,
                    highestCertifiedView: View(6)
                )
        )
    }

    @Test("a command's digest names all of it")
    func commandDigest() {
        let key = CommandKey(session: SessionID(height: Height(1), position: 2), sequence: 3)
        let commands = [
            Command(key: key, body: [1]), Command(key: key, body: [2]), Command(key: key, body: [1, 0]),
            Command(key: CommandKey(session: key.session, sequence: 4), body: [1]),
            Command(key: CommandKey(session: .none, sequence: 3), body: [1]), Command.openSession(nonce: 3),
        ]
        #expect(Set(commands.map(\.digest)).count == commands.count)
        #expect(Command.openSession(nonce: 3).key == CommandKey(session: .none, sequence: 3))
        #expect(Command.openSession(nonce: 3).body.isEmpty)
    }
}
