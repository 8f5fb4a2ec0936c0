// A JPEG file in gray.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/files/image.hpp"

namespace nn {

// As parse_gray_image. Colors of print (CMYK) are read, too, and a picture that the camera took lying on its side is turned
// as its EXIF data say.
GrayImage parse_jpeg(std::span<const std::uint8_t> jpeg, const std::string& where);

// How a camera was held, 1 to 8, from the EXIF data of a JPEG; 1, upright, if there are none or they make no sense.
int exif_orientation(std::span<const std::uint8_t> jpeg);

// The picture put upright; orientation: 1 to 8 as in EXIF.
GrayImage upright(const GrayImage& image, int orientation);

}  // namespace nn
