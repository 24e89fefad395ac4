internal import HotStuff
internal import HotStuffStorage

// What is written before a vote leaves.
extension Workload {
    static let journal = [
        Workload("Block of 400 commands and a vote: append to the journal", repetitions: 100) { _ in
            let members = try SampleCommittee()
            let link = try SampleChain(of: 2, commands: SampleCommands.perBlock, by: members).links[1]
            var record = SafetyRecord(epoch: members.committee.epoch, genesis: members.committee.genesis.view)
            record.lastVotedView = link.block.view
            record.lastVote = link.votes[0].statement
            let records = [JournalRecord.block(link.block), .safety(record)]
            let journal = try NamelessJournal(
                of: JournalIdentity(
                    chain: members.committee.chain,
                    validator: members.committee.validators.validators[0]
                )
            )
            return { _ in try journal.append(records) }
        }
    ]
}
