internal import FuzzKit
internal import PostQuantum

/// What libFuzzer calls with each input: the first byte says which scheme and what to try.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = ByteReader(Array(UnsafeBufferPointer(start: data, count: count)))
    let choice = Int(input.byte())
    let sample = Sample.samples[choice % Sample.samples.count]
    switch choice / Sample.samples.count % 4 {
    case 0: Trial.raw(sample, &input)
    case 1: Trial.altered(sample, &input)
    case 2: Trial.forged(sample, &input)
    default: Trial.signed(sample, &input)
    }
    return 0
}

/// The ways to make a signature of an input.
enum Trial {}
