//! How fast Bicep is parsed: `cargo bench -p akslint-core --bench parse_bicep`.

use std::fmt::Write as _;
use std::hint::black_box;

use akslint_core::source::FileId;
use akslint_core::syntax::bicep;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const FIXTURES: [&str; 3] = [
    include_str!("../../fixtures/syntax/bicep/resources.bicep"),
    include_str!("../../fixtures/syntax/bicep/expressions.bicep"),
    include_str!("../../fixtures/syntax/bicep/types.bicep"),
];

/// A module as people write them: described parameters, a few types, resources with long bodies.
fn module(resources: usize) -> String {
    let mut text = String::new();
    for number in 0..resources {
        let _ = write!(
            text,
            "@description('Required. The address range of subnet {number}, written as a CIDR block.')\n\
             @minLength(9)\n\
             param addressPrefix{number} string = '10.{number}.0.0/24'\n\n\
             @description('Optional. Tags of the resource.')\n\
             param tags{number} object?\n\n\
             var name{number} = toLower('${{prefix}}-snet-{number}-${{uniqueString(resourceGroup().id)}}')\n\n\
             // The network of workload {number}, peered with the hub.\n\
             resource vnet{number} 'Microsoft.Network/virtualNetworks@2024-01-01' = if (deploy && !empty(addressPrefix{number})) {{\n  \
               name: name{number}\n  \
               location: location\n  \
               tags: union(tags{number} ?? {{}}, {{ stage: stage }})\n  \
               properties: {{\n    \
                 addressSpace: {{\n      addressPrefixes: [\n        addressPrefix{number}\n      ]\n    }}\n    \
                 subnets: [for (subnet, index) in subnets: {{\n      \
                   name: subnet.?name ?? 'default-${{index}}'\n      \
                   properties: {{\n        \
                     addressPrefix: cidrSubnet(addressPrefix{number}, 27, index)\n        \
                     networkSecurityGroup: empty(subnet.?nsgId) ? null : {{ id: subnet.nsgId! }}\n        \
                     serviceEndpoints: map(subnet.endpoints, endpoint => {{ service: endpoint }})\n      \
                   }}\n    }}]\n  }}\n}}\n\n\
             output id{number} string = vnet{number}.id\n\n"
        );
    }
    text
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse_bicep");
    for (name, text) in [("fixtures", FIXTURES.concat()), ("module", module(500))] {
        assert!(bicep::parse(FileId(0), &text).errors.is_empty(), "{name}");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| bicep::parse(FileId(0), black_box(&text)));
        });
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
