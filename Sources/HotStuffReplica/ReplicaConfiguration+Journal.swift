internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport

extension ReplicaConfiguration {
    /// The name of the one who writes the journal; the replica must be among the validators, or a listener among the peers.
    var journalIdentity: JournalIdentity {
        guard isListener else {
            return JournalIdentity(chain: genesis.chain, validator: genesis.validators.validators[replica.index])
        }
        let key = peers.first { $0.id == replica }?.verificationKey ?? []
        return JournalIdentity(chain: genesis.chain, owner: Digest.hash(of: key))
    }
}
