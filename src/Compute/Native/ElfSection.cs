using System.Runtime.InteropServices;

namespace ElasticityStream.Compute.Native;

/// <summary>The fields of an ELF section header that are used here. Offset and size in bytes; link and info as the section's type defines them.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ElfSection(uint Type, ulong Offset, ulong Size, uint Link, uint Info);
