mod fixtures;
mod limits;
mod mutations;
mod properties;
