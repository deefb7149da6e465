using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Tests.Models;

/// <summary>
/// TorchSharp frees a number that it made from a double or an int while the native call may still read it. What makes one must therefore
/// be called where it is kept alive; a test that provokes the race would fail only sometimes, so this one reads what the assembly calls.
/// </summary>
public sealed class ScalarLifetimeTests
{
    // The members of TorchSharp that make such a number, out of an argument or on their own (a weight of 1, an exponent of 2).
    private static readonly string[] Unsafe =
    [
        "Scalar.op_Implicit", "Tensor.op_Addition", "Tensor.op_Subtraction", "Tensor.op_Multiply", "Tensor.op_Division", "Tensor.op_Modulus",
        "Tensor.square", "Tensor.softplus", "Tensor.celu", "Tensor.elu", "functional.leaky_relu", "functional.hardtanh",
        "functional.threshold", "TensorExtensionMethods.ToDouble", "TensorExtensionMethods.ToSingle", "TensorExtensionMethods.ToInt32",
        "TensorExtensionMethods.ToInt64", "torch.arange",
    ];

    private static readonly string[] UnsafeWithOneArgument = ["Tensor.add", "Tensor.add_"];

    [Fact]
    public void Compute_makes_no_number_that_a_collection_can_free_while_torch_reads_it()
    {
        using var assembly = new PEReader(File.OpenRead(typeof(ActivationFunctions).Assembly.Location));
        var metadata = assembly.GetMetadataReader();
        var called = metadata.MemberReferences.Select(handle => Describe(metadata, metadata.GetMemberReference(handle))).ToArray();
        // The list is read right: the members that keep a number alive are on it.
        Assert.Contains(("ScalarExtensionMethods.ToScalar", 1), called);
        Assert.Contains(("Tensor.add", 2), called);
        Assert.DoesNotContain(called, member => Unsafe.Contains(member.Name));
        Assert.DoesNotContain(called, member => UnsafeWithOneArgument.Contains(member.Name) && member.Arguments == 1);
    }

    private static (string Name, int Arguments) Describe(MetadataReader metadata, MemberReference member)
    {
        var type = member.Parent.Kind == HandleKind.TypeReference
            ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)
            : "";
        if (member.GetKind() != MemberReferenceKind.Method)
            return ("", 0);
        // ECMA-335 II.23.2.1: the calling convention, then, for a method that is not generic, the number of arguments.
        var signature = metadata.GetBlobReader(member.Signature);
        var header = signature.ReadSignatureHeader();
        if (header.IsGeneric)
            signature.ReadCompressedInteger();
        return ($"{type}.{metadata.GetString(member.Name)}", signature.ReadCompressedInteger());
    }
}
