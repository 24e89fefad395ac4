/// Who may sign what in one epoch of one chain, and where the epoch begins.
public struct Committee: Hashable, Sendable {
    /// The digest of the genesis document.
    public let chain: Digest
    /// The epoch.
    public let epoch: Epoch
    /// The validators of the epoch.
    public let validators: ValidatorSet
    /// The block with which the epoch begins: final, and certified by nothing but itself.
    public let genesis: Block

    /// Creates the committee of an epoch that begins with a block.
    public init(chain: Digest, epoch: Epoch, validators: ValidatorSet, genesis header: BlockHeader) {
        self.chain = chain
        self.epoch = epoch
        self.validators = validators
        genesis = Block(header: header, payload: .empty, justify: .genesis(header))
    }

    /// Creates the committee of the epoch with which a chain begins.
    public init(_ genesis: Genesis) {
        let header = genesis.header
        self.init(chain: header.chain, epoch: header.epoch, validators: genesis.validators, genesis: header)
    }

    /// The certificate of the epoch's first block.
    public var genesisCertificate: QuorumCertificate { genesis.justify }
}
