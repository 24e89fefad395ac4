import HotStuff

/// Random values of the types that messages are made of.
///
/// They are well-formed, not valid: whether a certificate holds is no matter of its encoding.
extension SplitMix64 {
    mutating func digest() -> Digest {
        chance(oneIn: 8) ? .zero : Digest(word0: next(), word1: next(), word2: next(), word3: next())
    }

    mutating func quantity<Value: Quantity>(_ type: Value.Type = Value.self) -> Value { Value(rawValue: number()) }

    mutating func replica() -> ReplicaID { ReplicaID(UInt16(below(ValidatorSet.maximumCount))) }

    mutating func signature() -> Signature { Signature(bytes(fewerThan: 12)) }

    mutating func signatureSet() -> SignatureSet {
        SignatureSet(
            list(fewerThan: 6) { generator in
                let signer = generator.chance(oneIn: 4) ? generator.replica() : ReplicaID(UInt16(generator.below(10)))
                return (signer: signer, signature: generator.signature())
            }
        )
    }

    mutating func session() -> SessionID {
        SessionID(height: quantity(), position: UInt32(truncatingIfNeeded: number()))
    }

    mutating func commandKey() -> CommandKey { CommandKey(session: session(), sequence: number()) }

    mutating func command() -> Command { Command(key: commandKey(), body: bytes(fewerThan: 24)) }

    mutating func payload() -> Payload { Payload(list(fewerThan: 4) { $0.command() }) }

    mutating func executed() -> ExecutedState { ExecutedState(height: quantity(), digest: digest()) }

    mutating func header() -> BlockHeader {
        BlockHeader(
            version: UInt16(truncatingIfNeeded: number()),
            chain: digest(),
            epoch: quantity(),
            view: quantity(),
            height: quantity(),
            parent: digest(),
            justifyView: quantity(),
            proposer: replica(),
            payloadDigest: digest(),
            nextValidatorSet: digest(),
            executed: executed(),
            time: quantity(),
            work: Work(difficulty: UInt8(truncatingIfNeeded: number()), nonce: number())
        )
    }

    mutating func block() -> Block { Block(header: header(), payload: payload(), justify: quorumCertificate()) }

    mutating func voteStatement() -> VoteStatement {
        VoteStatement(
            chain: digest(),
            epoch: quantity(),
            view: quantity(),
            block: digest(),
            height: quantity(),
            parentView: quantity(),
            commits: optional { $0.digest() }
        )
    }

    mutating func vote() -> Vote { Vote(statement: voteStatement(), voter: replica(), signature: signature()) }

    mutating func quorumCertificate() -> QuorumCertificate {
        QuorumCertificate(statement: voteStatement(), signatures: signatureSet())
    }

    mutating func timeoutStatement() -> TimeoutStatement {
        TimeoutStatement(chain: digest(), epoch: quantity(), view: quantity(), highestCertifiedView: quantity())
    }

    mutating func timeoutCertificate() -> TimeoutCertificate {
        let signatures = signatureSet()
        return TimeoutCertificate(
            chain: digest(),
            epoch: quantity(),
            view: quantity(),
            signatures: signatures,
            certifiedViews: (0..<signatures.count).map { _ in quantity() },
            highest: quorumCertificate()
        )
    }

    mutating func certificatePair() -> CertificatePair {
        CertificatePair(quorum: quorumCertificate(), timeout: optional { $0.timeoutCertificate() })
    }

    mutating func checkpoint() -> Checkpoint {
        Checkpoint(
            committed: block(),
            timeoutCertificates: optional { $0.certificatePair() },
            proposalCertificate: optional { $0.timeoutCertificate() }
        )
    }

    mutating func timeout() -> Timeout {
        Timeout(
            statement: timeoutStatement(),
            sender: replica(),
            signature: signature(),
            certificates: certificatePair()
        )
    }

    mutating func proposal() -> Proposal {
        Proposal(block: block(), timeoutCertificate: optional { $0.timeoutCertificate() }, signature: signature())
    }

    mutating func validator(power: VotingPower? = nil) -> Validator {
        Validator(verificationKey: bytes(fewerThan: 20), power: power ?? quantity())
    }

    /// A set of one to six validators, each with a key of its own.
    mutating func validatorSet() throws(ValidatorSetError) -> ValidatorSet {
        var validators: [Validator] = []
        for place in 0..<UInt8(1 + below(6)) {
            let key = [place] + bytes(fewerThan: 12)
            validators.append(Validator(verificationKey: key, power: VotingPower(1 + next() >> 8)))
        }
        return try ValidatorSet(validators)
    }
}
