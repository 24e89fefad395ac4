internal import HotStuff
internal import HotStuffStorage

extension ReplicaConfiguration {
    /// The name of the one who writes the journal; the replica must be among the validators.
    var journalIdentity: JournalIdentity {
        JournalIdentity(chain: genesis.chain, validator: genesis.validators.validators[replica.index])
    }
}
