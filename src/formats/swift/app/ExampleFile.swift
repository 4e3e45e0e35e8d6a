import Foundation

/// Reads Images.data. All numbers are unsigned, 32 bits, the lowest byte first:
///
///     4 bytes   "LPIM"
///     7 numbers version (1), height, width, channels, training images, test images, images in a block
///     blocks    first of the training images, then of the test images; the last of each may hold fewer
///
/// A block is the number of its bytes, then as many bytes, compressed by DEFLATE (RFC 1951): the class of each image,
/// one byte each, then the pixels of each image, rows from the top, the channels of a pixel side by side.
enum ExampleFile {
    struct Contents: Sendable {
        var training = ExampleSet()
        var test = ExampleSet()
    }

    /// - Parameter report: told how many images are ready.
    static func read(_ url: URL, report: @Sendable (Int) -> Void) throws -> Contents {
        var reader = ByteReader(data: try Data(contentsOf: url, options: .mappedIfSafe))
        guard try reader.bytes(4) == Data("LPIM".utf8), try reader.number() == 1 else {
            throw NetworkError("Images.data is no file of images that this app can read. Export the app again.")
        }
        let (height, width, channels) = (try reader.number(), try reader.number(), try reader.number())
        guard
            height == NetworkSettings.imageHeight,
            width == NetworkSettings.imageWidth,
            channels == NetworkSettings.imageChannels
        else {
            throw NetworkError("Images.data holds images of another size than the network reads. Export the app again.")
        }
        let (trainingCount, testCount) = (try reader.number(), try reader.number())
        let blockSize = try reader.number()
        var contents = Contents()
        contents.training = try readSet(&reader, trainingCount, blockSize) { report($0) }
        contents.test = try readSet(&reader, testCount, blockSize) { report(trainingCount + $0) }
        return contents
    }

    private static func readSet(
        _ reader: inout ByteReader,
        _ count: Int,
        _ blockSize: Int,
        report: (Int) -> Void
    ) throws -> ExampleSet {
        guard blockSize > 0 else {
            throw ByteReader.damaged
        }
        var examples = ExampleSet()
        examples.reserve(count)
        while examples.count < count {
            let byteCount = try reader.number()
            let compressed = try reader.bytes(byteCount)
            let block = try (compressed as NSData).decompressed(using: .zlib) as Data
            let images = min(blockSize, count - examples.count)
            guard block.count == images * (1 + NetworkSettings.imageSize) else {
                throw ByteReader.damaged
            }
            examples.append(classes: block.prefix(images), images: block.dropFirst(images))
            report(examples.count)
        }
        return examples
    }
}

/// Takes bytes from the front of a file.
private struct ByteReader {
    static let damaged = NetworkError("Images.data is damaged: it ends before its last image. Export the app again.")

    let data: Data
    private var next = 0

    init(data: Data) {
        self.data = data
    }

    mutating func bytes(_ count: Int) throws -> Data {
        guard count <= data.count - next else {
            throw Self.damaged
        }
        defer { next += count }
        let start = data.startIndex + next
        return data[start ..< start + count]
    }

    mutating func number() throws -> Int {
        try bytes(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
