import Accelerate
@preconcurrency import CoreML
import CoreVideo
import Foundation

/// Pixels and classes in the form that the network reads. Accelerate writes them: a loop over 47 million pixels would take
/// seconds of each epoch in a build without optimization, as Swift Playgrounds makes it.
enum FeatureValues {
    /// - Parameter pixels: one image, rows from the top, the channels of a pixel side by side, 0 to 255.
    static func input(_ pixels: Data) throws -> MLFeatureValue {
        switch NetworkSettings.input {
        case .array(let shape):
            return MLFeatureValue(multiArray: try array(pixels, shape: shape))
        case .image:
            return MLFeatureValue(pixelBuffer: try pixelBuffer(pixels))
        }
    }

    static func target(_ classIndex: Int) throws -> MLFeatureValue {
        switch NetworkSettings.target {
        case .classIndex:
            let array = try MLMultiArray(shape: [1], dataType: .int32)
            array.withUnsafeMutableBufferPointer(ofType: Int32.self) { (numbers, _) -> Void in
                numbers[0] = Int32(classIndex)
            }
            return MLFeatureValue(multiArray: array)
        case .oneHot:
            let count = NetworkSettings.labels.count
            let array = try MLMultiArray(shape: [NSNumber(value: count)], dataType: .double)
            array.withUnsafeMutableBufferPointer(ofType: Double.self) { (numbers, _) -> Void in
                for index in 0 ..< count {
                    numbers[index] = index == classIndex ? 1 : 0
                }
            }
            return MLFeatureValue(multiArray: array)
        case .wholeNumberLabel:
            guard let number = Int64(NetworkSettings.labels[classIndex]) else {
                throw NetworkError("The label \(NetworkSettings.labels[classIndex]) is no whole number.")
            }
            return MLFeatureValue(int64: number)
        case .textLabel:
            return MLFeatureValue(string: NetworkSettings.labels[classIndex])
        }
    }

    private static func array(_ pixels: Data, shape: [Int]) throws -> MLMultiArray {
        let array = try MLMultiArray(shape: shape.map { NSNumber(value: $0) }, dataType: .float32)
        // A flat vector keeps the order of the pixels, as an image of one channel does.
        let channels = shape.count == 3 ? shape[0] : 1
        let size = pixels.count / channels
        pixels.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            array.withUnsafeMutableBufferPointer(ofType: Float.self) { (numbers, _) -> Void in
                guard let from = bytes.bindMemory(to: UInt8.self).baseAddress, let to = numbers.baseAddress else { return }
                for channel in 0 ..< channels {
                    vDSP_vfltu8(from + channel, channels, to + channel * size, 1, vDSP_Length(size))
                }
                var scale = NetworkSettings.pixelScale
                vDSP_vsmul(to, 1, &scale, to, 1, vDSP_Length(channels * size))
            }
        }
        return array
    }

    private static func pixelBuffer(_ pixels: Data) throws -> CVPixelBuffer {
        let (width, height) = (NetworkSettings.imageWidth, NetworkSettings.imageHeight)
        let isGrey = NetworkSettings.imageChannels == 1
        let format = isGrey ? kCVPixelFormatType_OneComponent8 : kCVPixelFormatType_32BGRA
        var made: CVPixelBuffer?
        let status = CVPixelBufferCreate(kCFAllocatorDefault, width, height, format, nil, &made)
        guard status == kCVReturnSuccess, let buffer = made else {
            throw NetworkError("There is not enough memory for an image.")
        }
        CVPixelBufferLockBaseAddress(buffer, [])
        defer { CVPixelBufferUnlockBaseAddress(buffer, []) }
        guard let base = CVPixelBufferGetBaseAddress(buffer) else {
            throw NetworkError("The memory of an image cannot be written.")
        }
        let rowBytes = CVPixelBufferGetBytesPerRow(buffer)
        let out = base.assumingMemoryBound(to: UInt8.self)
        pixels.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            guard let from = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
            for row in 0 ..< height {
                let line = out + row * rowBytes
                if isGrey {
                    line.update(from: from + row * width, count: width)
                    continue
                }
                for column in 0 ..< width {
                    let pixel = from + (row * width + column) * 3
                    line[column * 4] = pixel[2]
                    line[column * 4 + 1] = pixel[1]
                    line[column * 4 + 2] = pixel[0]
                    line[column * 4 + 3] = 255
                }
            }
        }
        return buffer
    }
}
